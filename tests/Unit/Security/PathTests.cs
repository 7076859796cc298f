using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Stages;
using Pipeline.Stages.Units;
using Pipeline.Unit.Host;

namespace Pipeline.Unit.Security;

/// <summary>No name that comes from outside leads out of the data root: not from the command line, not from files that lie there.</summary>
public sealed class PathTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void There_are_more_than_a_thousand_payloads() => Assert.True(Payloads.List.Distinct().Count() > 1000);

    [Fact]
    public void No_verb_takes_a_path_for_a_name()
    {
        cli.Run("run", "--set", $"datasets.spotify.raw={cli.RawFolder()}");
        var before = Files();
        string[][] verbs = [["runs", "show"], ["runs", "compare", "x"], ["resume"], ["experiment"], ["recommend", "--user"], ["recommend", "--user", "x", "--dataset"], ["recommend", "--user", "x", "--list"], ["run"], ["plan"], ["verify"], ["prune"], ["status"],
            ["schedule", "trigger"], ["schedule", "pause"], ["schedule", "resume"], ["rollback"], ["rollback", "spotify"], ["rollback", "spotify", "--to"], ["publish"], ["publish", "spotify", "--to"], ["sample"], ["report", "--dataset"], ["completion"]];

        foreach (var (index, payload) in Payloads.List.Index())
        {
            // What has no separator may be a pattern of stages, which is no path.
            var verb = verbs[index % (LeadsElsewhere(payload) ? verbs.Length : 7)];
            var result = cli.Run([.. verb, payload]);
            Assert.False(result.Code is ExitCode.Bug || result.Code is ExitCode.Ok && LeadsElsewhere(payload), $"{string.Join(' ', verb)} '{payload}' exits with {result.Code}: {result.Error}");
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_list_that_is_named_by_a_path_is_no_list_though_there_is_one_at_that_path()
    {
        using var night = new Nightly();
        night.Run("run");
        Assert.Equal(ExitCode.Ok, night.Run("recommend", "--user", "jazz+pop", "--list", "mamba").Code);

        foreach (var list in new[] { "../4-topk/mamba", "./mamba", "mamba/", "../../spotify/4-topk/mamba", "mamba\0" })
        {
            var refused = night.Run("recommend", "--user", "jazz+pop", "--list", list);

            Assert.Equal((list, ExitCode.InputMissing), (list, refused.Code));
            Assert.Contains("no published list", refused.Error);
        }
    }

    [Fact]
    public void A_manifest_that_names_a_file_elsewhere_is_damaged_though_its_digest_fits()
    {
        using var folder = new TempFolder();
        ManifestFile.Write(folder.Path, Sample("part-00000.parquet"));
        Assert.NotNull(ManifestFile.TryRead(folder.Path, out _));

        foreach (var payload in Payloads.List.Where(IsNoName))
        {
            ManifestFile.Write(folder.Path, Sample(payload));
            Assert.True(ManifestFile.TryRead(folder.Path, out var problem) is null, $"'{payload}' was taken for a name.");
            Assert.StartsWith("is damaged", problem);
        }
    }

    [Fact]
    public void A_manifest_whose_parents_lie_elsewhere_is_damaged()
    {
        using var folder = new TempFolder();
        var sound = new ManifestParent("1-tables/a", 1, new('0', 64));
        ManifestFile.Write(folder.Path, Sample("a") with { Parents = [sound, new ManifestParent("raw:../x", null, new('0', 64))] });
        Assert.NotNull(ManifestFile.TryRead(folder.Path, out _));

        foreach (var payload in Payloads.List.Where(IsNoName))
        {
            foreach (var parent in new[] { sound with { Name = payload }, sound with { Fingerprint = payload } })
            {
                ManifestFile.Write(folder.Path, Sample("a") with { Parents = [parent] });
                Assert.True(ManifestFile.TryRead(folder.Path, out _) is null, $"'{payload}' was taken for a name.");
            }
        }
    }

    [Fact]
    public void A_unit_that_a_store_tells_of_names_nothing_elsewhere()
    {
        var unit = new WorkUnit { Dataset = "toy", Stage = "score", Seeds = [], Fingerprint = new('0', 64), Parents = [new("1-tables/a", 1, new('0', 64))] };
        var output = new UnitOutput([new UnitFile("a/b.parquet", 1)], null, new Dictionary<string, long>(), []);
        Assert.Equal("toy", WorkUnit.FromJson(unit.ToJson()).Dataset);
        Assert.Single(UnitResult.FromJson(new UnitResult([output], []).ToJson()).Outputs);

        foreach (var payload in Payloads.List.Where(IsNoName))
        {
            WorkUnit[] units =
            [
                unit with { Dataset = payload }, unit with { Fingerprint = payload },
                unit with { Parents = [new(payload, 1, new('0', 64))] }, unit with { Parents = [new("1-tables/a", 1, payload)] },
            ];
            UnitOutput[] outputs = [output with { Files = [new UnitFile(payload, 1)] }, output with { Rows = new Dictionary<string, long> { [payload] = 1 } }];
            Assert.All(units, each => Assert.Throws<JsonException>(() => WorkUnit.FromJson(each.ToJson())));
            Assert.All(outputs, each => Assert.Throws<JsonException>(() => UnitResult.FromJson(new UnitResult([each], []).ToJson())));
        }
    }

    [Fact]
    public void Pins_that_name_a_path_pin_nothing()
    {
        cli.Run("run", "--set", $"datasets.spotify.raw={cli.RawFolder()}");
        cli.RawFolder("outside/0123456789abcdef");
        var before = FilesButLedger();
        var pins = cli.File("data/spotify/.pins.json");
        foreach (var payload in Payloads.List.Where(IsNoName).Where((_, index) => index % 20 == 0).Append("../../outside"))
        {
            // A key that is no artifact pins nothing; a value that is no generation makes the file none.
            File.WriteAllText(pins, new JsonObject { [payload] = "0123456789abcdef" }.ToJsonString());
            foreach (var verb in new string[][] { ["plan"], ["status"], ["prune"], ["rollback", "spotify", "--release"] })
            {
                Assert.NotEqual(ExitCode.Bug, cli.Run(verb).Code);
            }

            File.WriteAllText(pins, new JsonObject { ["4-topk/popular"] = payload }.ToJsonString());
            Assert.Equal(ExitCode.InputMissing, cli.Run("plan").Code);
        }

        Assert.Equal(before, FilesButLedger());

        // The ledger tells of releases, and every writer has a folder of its own for what it stages.
        string FilesButLedger() => string.Join('\n', Files().Split('\n')
            .Where(line => !line.Contains("ledger.jsonl", StringComparison.Ordinal) && !line.Contains("/.staging/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_line_of_the_ledger_that_names_a_path_is_no_line()
    {
        using var folder = new TempFolder();
        var ledger = new Ledger(new DataRoot(folder.Path), TimeProvider.System);
        var words = Payloads.List.Where(LeadsElsewhere).ToList();
        var lines = words.SelectMany(payload => new[]
        {
            new JsonObject { ["run"] = payload, ["event"] = "runStarted", ["datasets"] = new JsonArray("spotify") },
            new JsonObject { ["run"] = "20261121-000000-000", ["event"] = "runStarted", ["datasets"] = new JsonArray(payload) },
            new JsonObject { ["run"] = "20261121-000000-000", ["event"] = "published", ["datasets"] = new JsonArray("spotify"), ["generations"] = new JsonObject { ["4-topk/mamba"] = payload } },
            new JsonObject { ["run"] = "20261121-000000-000", ["event"] = "stageFinished", ["stage"] = "spotify/ingest", ["made"] = new JsonArray(payload) },
        });
        File.WriteAllText(ledger.Path, string.Concat(lines.Select(line => line.ToJsonString() + "\n")));

        Assert.Empty(ledger.Runs());
        Assert.Equal(words.Count * 4, ledger.Read().Unreadable);
    }

    [Fact]
    public void An_experiment_or_a_schedule_cannot_be_named_like_a_path()
    {
        // Every fourth: a configuration takes some milliseconds. Letters, digits, hyphens and underscores alone are a name, if an odd one.
        foreach (var payload in Payloads.List.Where((payload, index) => index % 4 == 0 && !payload.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
        {
            foreach (var (section, entry) in new[] { ("experiments", "{}"), ("schedules", """{ "cron": "0 3 * * *" }""") })
            {
                File.WriteAllText(cli.File("pipeline.json"), new JsonObject { [section] = new JsonObject { [payload] = JsonNode.Parse(entry) } }.ToJsonString());

                Assert.True(cli.Run("config", "validate").Code == ExitCode.InvalidConfiguration, $"'{payload}' was taken for a name of {section}.");
            }
        }
    }

    /// <summary>True for what leads out of a folder, or to itself; "a/b" is a file in a folder of its own.</summary>
    static bool IsNoName(string name) => LeadsElsewhere(name) && name.Split('/').Any(word => word is "" or "." or ".." || word.Contains('\\') || word.Contains('\0'));

    /// <summary>True for what is no name of a single file; the others are odd names, and harmless.</summary>
    static bool LeadsElsewhere(string name) => name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny("/\\\0");

    static Manifest Sample(string part) => new()
    {
        Artifact = "1-tables/a",
        Fingerprint = new('0', 64),
        Stage = "toy/a",
        StageVersion = 1,
        Synthetic = false,
        Bytes = 0,
        Parts = [new ManifestPart(part, 0, new('0', 64), null)],
        Options = new JsonObject(),
        Parents = [],
        Facts = [],
        ToolVersion = "1",
        Simd = "avx2",
    };

    /// <summary>Everything in the folder, but for the caches that reading may write.</summary>
    string Files() => string.Join('\n', Directory.EnumerateFileSystemEntries(cli.Folder, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(cli.Folder, path).Split('/').Any(part => part.StartsWith('.'))).Order(StringComparer.Ordinal).Select(path => $"{path} {(File.Exists(path) ? new FileInfo(path).Length : 0)}"));
}
