using System.Text.Json;
using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class ReadingVerbsTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    public static TheoryData<string> Verbs { get; } =
    [
        "run", "plan", "status", "runs list", "runs show", "resume", "schedule list", "schedule next", "report", "report open", "recommend --user u", "verify", "prune", "sample spotify", "config show",
        "config validate", "config schema", "doctor",
    ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Under_json_standard_output_is_one_document(string verb)
    {
        cli.Run("run", "--quiet");

        var result = cli.Run([.. verb.Split(' '), "--json"]);

        Assert.Equal(JsonValueKind.Object, result.Json.ValueKind);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_wrong_set_is_refused_by_every_verb_that_reads_the_configuration(string verb)
    {
        var result = cli.Run([.. verb.Split(' '), "--set", "datasets.spotify.training.stesp=7"]);

        Assert.Equal(verb == "config schema" ? ExitCode.Ok : ExitCode.InvalidConfiguration, result.Code);
        Assert.Equal(verb != "config schema", (result.Error + result.Out).Contains("datasets.spotify.training.stesp is not an option"));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Data_and_raw_can_be_set_on_every_verb(string verb)
    {
        string[] options = ["--data", "store", "--set", $"datasets.spotify.raw={cli.RawFolder()}"];
        cli.Run(["run", .. options]);

        var result = cli.Run([.. verb.Split(' '), .. options]);

        // The stub dataset publishes no lists.
        Assert.Equal(verb.StartsWith("recommend", StringComparison.Ordinal) ? ExitCode.InputMissing : ExitCode.Ok, result.Code);
        Assert.False(Directory.Exists(cli.File("data")));
        Assert.False(Directory.Exists(cli.File("store/spotify/0-raw")));
    }

    [Fact]
    public void Status_before_any_run_is_stale_and_after_one_fresh()
    {
        Assert.All(States(), state => Assert.Equal("stale", state));
        cli.Run("run");
        Assert.All(States(), state => Assert.Equal("fresh", state));
    }

    [Fact]
    public void Status_names_the_failed_stage()
    {
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new InvalidOperationException("Not today.");
        cli.Run("run");

        Assert.Equal(["fresh", "fresh", "failed", "stale"], States());
    }

    [Fact]
    public void Status_during_a_run_names_the_running_stage_and_its_process()
    {
        CliResult? during = null;
        cli.Dataset.Deeds["ingest"] = (_, _) =>
        {
            during = cli.Run("status", "--json");
            return Task.CompletedTask;
        };
        cli.Run("run");

        var dataset = during!.Json.GetProperty("datasets")[0];
        Assert.Equal(Environment.ProcessId, dataset.GetProperty("running").GetProperty("pid").GetInt32());
        Assert.Equal("running", dataset.GetProperty("stages")[1].GetProperty("state").GetString());
    }

    [Fact]
    public void Report_prints_its_path_and_a_row_per_list()
    {
        Assert.Equal(ExitCode.InputMissing, cli.Run("report").Code);
        cli.Run("run");

        var lines = cli.Run("report").Out.Split('\n');

        Assert.Matches("^data/spotify/5-report/[0-9a-f]{16}/report.html$", lines[0]);
        Assert.Equal("list       P@5  P@10  R@10  HR@1  NDCG@10  MAP@12", lines[1]);
        Assert.Equal("mamba   0.9500     -     -     -        -       -", lines[2]);
        Assert.Equal("2,000 test users, 1 seed, generated data. Intervals and curves are in the report.", lines[4]);
    }

    [Theory]
    [InlineData(1, 1, true, "1 test user, 1 seed")]
    [InlineData(114, 2, false, "114 test users of 2 seeds")]
    [InlineData(114, 2, true, "57 test users, the same in each of 2 seeds")]
    public void Users_whom_all_seeds_test_are_counted_once(int users, int seeds, bool sharesUsers, string expected) =>
        Assert.Equal(expected, ReportCommand.Size(users, seeds, sharesUsers));

    [Fact]
    public void Report_open_prints_the_path_and_shows_the_page()
    {
        cli.Run("run");
        var shown = new List<string>();
        var without = cli.Run("report", "open", "spotify");
        cli.ShowPage = page =>
        {
            shown.Add(page);
            return true;
        };
        var with = cli.Run("report", "open");

        Assert.Matches("^data/spotify/5-report/[0-9a-f]{16}/report.html\n$", without.Out);
        Assert.Equal(without.Out, with.Out);
        Assert.Contains("There is no desktop here", without.Error);
        Assert.DoesNotContain("desktop", with.Error);
        Assert.Equal([Path.GetFullPath(with.Out.Trim(), cli.Folder)], shown);
    }

    [Fact]
    public void A_run_can_be_looked_at_with_the_end_of_its_log()
    {
        cli.Run("run");

        var text = cli.Run("runs", "show").Out;

        Assert.Contains("state     succeeded (exit 0)", text);
        Assert.Contains("spotify/train/mamba", text);
        Assert.Contains("ingest at work", text);
    }

    [Fact]
    public void Verify_finds_a_flipped_byte()
    {
        cli.Run("run");
        Assert.Equal(ExitCode.Ok, cli.Run("verify").Code);
        var file = cli.File("data/spotify/1-tables/tracks/current/data.txt");
        var bytes = File.ReadAllBytes(file);
        bytes[0] ^= 1;
        File.WriteAllBytes(file, bytes);

        var result = cli.Run("verify", "--json");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Equal("1-tables/tracks", Assert.Single(result.Json.GetProperty("findings").EnumerateArray()).GetProperty("artifact").GetString());
        Assert.Equal(ExitCode.Ok, cli.Run("verify", "spotify/report").Code);
    }

    [Fact]
    public void Prune_deletes_only_what_is_asked_for_no_more()
    {
        cli.Run("run", "--set", "datasets.spotify.training.steps=7");
        cli.Run("run");

        Assert.Equal(2, cli.Run("prune", "--dry-run", "--json").Json.GetProperty("folders").GetArrayLength());
        Assert.Equal(2, cli.Run("prune", "--json").Json.GetProperty("folders").GetArrayLength());
        Assert.Contains("Nothing to delete.", cli.Run("prune").Out);
        Assert.Contains("Nothing to do.", cli.Run("plan").Out);
    }

    [Fact]
    public void A_sample_is_not_written_over_anything()
    {
        Assert.Equal(ExitCode.Ok, cli.Run("sample", "spotify", "--out", "mine").Code);
        Assert.True(File.Exists(cli.File("mine/data.txt")));

        Assert.Equal(ExitCode.Usage, cli.Run("sample", "spotify", "--out", "mine").Code);
    }

    [Fact]
    public void A_sample_takes_the_options_of_its_dataset_by_their_names()
    {
        Assert.Equal(ExitCode.Ok, cli.Run("sample", "spotify", "--set", "datasets.spotify.sample.seed=5", "--seed", "7").Code);

        Assert.Equal(7, cli.Dataset.Sampled!.Seed);
        Assert.Contains("datasets.spotify.sample.seed", Refused("--seed", "-1"));
        Assert.Contains("datasets.spotify.sample.customers is not an option.", Refused("--customers", "5"));

        string Refused(params string[] options)
        {
            var result = cli.Run(["sample", "spotify", "--out", "other", .. options]);
            Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
            Assert.False(Directory.Exists(cli.File("other")));
            return result.Error;
        }
    }

    [Fact]
    public void What_is_made_of_a_sample_that_was_written_as_raw_files_is_synthetic_too()
    {
        cli.Run("sample", "spotify", "--out", "mine");

        cli.Run("run", "spotify/ingest", "--set", "datasets.spotify.raw=mine");

        Assert.True(ManifestFile.Read(cli.File("data/spotify/1-tables/tracks/current")).Synthetic);
    }

    [Fact]
    public void What_is_made_of_real_files_is_not_synthetic()
    {
        cli.Run("run", "spotify/ingest", "--set", $"datasets.spotify.raw={cli.RawFolder()}");

        Assert.False(ManifestFile.Read(cli.File("data/spotify/1-tables/tracks/current")).Synthetic);
    }

    [Fact]
    public void Doctor_fails_with_the_code_that_a_run_would_fail_with()
    {
        Assert.Equal(ExitCode.Ok, cli.Run("doctor").Code);

        var result = cli.Run("doctor", "--set", "datasets.spotify.raw=nowhere");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains("FAIL  spotify raw", result.Out);
    }

    [Fact]
    public void Doctor_leaves_no_trace()
    {
        cli.Run("doctor");

        Assert.Empty(Directory.EnumerateFileSystemEntries(cli.Folder));
    }

    IEnumerable<string?> States() => cli.Run("status", "--json").Json.GetProperty("datasets")[0].GetProperty("stages").EnumerateArray()
        .Select(stage => stage.GetProperty("state").GetString());
}
