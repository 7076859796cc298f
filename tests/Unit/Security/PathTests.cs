using System.Text.Json.Nodes;
using Pipeline.Stages;
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
        string[][] verbs = [["runs", "show"], ["runs", "compare", "x"], ["resume"], ["experiment"], ["recommend", "--user"], ["recommend", "--user", "x", "--dataset"], ["recommend", "--user", "x", "--list"], ["run"], ["plan"], ["verify"], ["prune"], ["status"]];

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

        // "a/b" is a file in a folder of its own.
        foreach (var payload in Payloads.List.Where(payload => LeadsElsewhere(payload) && payload.Split('/').Any(word => word is "" or "." or ".." || word.Contains('\\') || word.Contains('\0'))))
        {
            ManifestFile.Write(folder.Path, Sample(payload));
            Assert.True(ManifestFile.TryRead(folder.Path, out var problem) is null, $"'{payload}' was taken for a name.");
            Assert.StartsWith("is damaged", problem);
        }
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
        });
        File.WriteAllText(ledger.Path, string.Concat(lines.Select(line => line.ToJsonString() + "\n")));

        Assert.Empty(ledger.Runs());
        Assert.Equal(words.Count * 2, ledger.Read().Unreadable);
    }

    [Fact]
    public void An_experiment_cannot_be_named_like_a_path()
    {
        // Every fourth: a configuration takes some milliseconds. Letters, digits, hyphens and underscores alone are a name, if an odd one.
        foreach (var payload in Payloads.List.Where((payload, index) => index % 4 == 0 && !payload.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
        {
            File.WriteAllText(cli.File("pipeline.json"), new JsonObject { ["experiments"] = new JsonObject { [payload] = new JsonObject() } }.ToJsonString());

            Assert.True(cli.Run("config", "validate").Code == ExitCode.InvalidConfiguration, $"'{payload}' was taken for a name.");
        }
    }

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
        .Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal).Select(path => $"{path} {(File.Exists(path) ? new FileInfo(path).Length : 0)}"));
}
