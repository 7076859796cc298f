using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>`experiment`, on the whole pipeline.</summary>
public sealed class ExperimentTests
{
    static readonly string[] Small =
        ["experiment", "paper", "--set", "experiments.paper.datasets=[\"spotify\",\"vaccine-25x25\"]", "--set", "experiments.paper.seeds=[1,2]"];

    [Fact]
    public void An_experiment_leaves_two_files_and_touches_no_nightly_artifact()
    {
        using var night = new Nightly();

        var run = night.Run(Small);

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("FT-Mamba is at least as good as FT-Transformer on Spotify", run.Out);
        Assert.Contains("report.html", run.Out);
        Assert.Contains("all training: ", run.Error);
        Assert.Equal(["experiments"], Directory.GetFileSystemEntries(night.Data).Select(Path.GetFileName));
        Assert.Contains("Table II", Read(night, "report.html"));
        var datasets = Json(night).GetProperty("datasets").EnumerateArray().ToList();
        Assert.Equal(["spotify", "vaccine-25x25"], datasets.Select(dataset => dataset.GetProperty("dataset").GetString()));
        Assert.All(datasets, dataset => Assert.Equal([1, 2], dataset.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetInt32())));
        Assert.False(Directory.Exists(Path.Combine(night.Data, "experiments/paper/hm")));
    }

    [Fact]
    public void Done_once_it_only_reads_and_json_prints_the_file_as_it_is()
    {
        using var night = new Nightly();
        night.Run(Small);
        var (metrics, page) = (Read(night, "metrics.json"), Read(night, "report.html"));

        var again = night.Run([.. Small, "--json"]);

        Assert.Equal(ExitCode.Ok, again.Code);
        Assert.DoesNotContain("train", again.Error);
        Assert.Equal(metrics, again.Out);
        Assert.Equal((metrics, page), (Read(night, "metrics.json"), Read(night, "report.html")));
    }

    [Fact]
    public void One_and_two_threads_end_with_the_same_bytes()
    {
        using Nightly one = new(), two = new();
        one.Run([.. Small, "--threads", "1"]);
        two.Run([.. Small, "--threads", "2"]);

        Assert.Equal(Read(one, "metrics.json"), Read(two, "metrics.json"));
        Assert.Equal(Read(one, "report.html"), Read(two, "report.html"));
        Assert.Equal(one.Parts("experiments/paper/spotify"), two.Parts("experiments/paper/spotify"));
    }

    [Fact]
    public void A_failed_experiment_says_how_to_go_on_with_it()
    {
        using var night = new Nightly();

        var raw = Path.Combine(Path.GetDirectoryName(night.Data)!, "raw");
        Directory.CreateDirectory(Path.Combine(raw, "playlists"));
        File.WriteAllText(Path.Combine(raw, "spotify_top50.csv"), "no table of songs\n");
        File.WriteAllText(Path.Combine(raw, "playlists", "top50.csv"), "no table of songs\n");

        var run = night.Run([.. Small, "--set", $"datasets.spotify.raw={raw}"]);

        Assert.Equal(ExitCode.InputMissing, run.Code);
        Assert.Contains(" Fix the cause, then: pipeline experiment paper\n", run.Error);
        Assert.Contains("What is done is kept. To go on: pipeline experiment paper --set ", run.Error);
        Assert.DoesNotContain("pipeline resume", run.Error);
    }

    [Fact]
    public async Task An_experiment_killed_in_training_and_started_again_ends_with_the_bytes_of_an_unbroken_one()
    {
        // Long enough that the kill, which follows the first checkpoint at step 5, comes long before the end, however busy the machine is.
        string[] all = [.. Small, "--set", "datasets.spotify.training.steps=6000", "--set", "datasets.spotify.training.probeEverySteps=2000"];
        using Nightly unbroken = new(), killed = new();
        unbroken.Run(all);

        using (var process = killed.Start(all))
        {
            await Until(() => process.HasExited || killed.HasCheckpoint(root: "experiments/paper"));
            Assert.False(process.HasExited, "The experiment ended before it could be killed.");
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.False(File.Exists(PathOf(killed, "metrics.json")));
        var resumed = killed.Run(all);

        Assert.Equal(ExitCode.Ok, resumed.Code);
        Assert.Contains("goes on from step", string.Concat(Directory.EnumerateFiles(PathOf(killed, "logs")).Select(File.ReadAllText)));
        Assert.Equal(Read(unbroken, "metrics.json"), Read(killed, "metrics.json"));
        Assert.Equal(Read(unbroken, "report.html"), Read(killed, "report.html"));
        Assert.Equal(unbroken.Parts("experiments/paper/spotify"), killed.Parts("experiments/paper/spotify"));
    }

    [Fact]
    public void An_experiment_of_pipeline_json_sets_options_of_its_own()
    {
        using var night = new Nightly();
        Configure(night, """{ "experiments": { "short": { "datasets": ["spotify"], "seeds": [7], "set": ["datasets.spotify.report.label=a trial"] } } }""");

        Assert.Equal(ExitCode.Ok, night.Run("experiment", "short").Code);

        var dataset = Assert.Single(JsonDocument.Parse(File.ReadAllText(Path.Combine(night.Data, "experiments/short/metrics.json"))).RootElement
            .GetProperty("datasets").EnumerateArray());
        Assert.Contains("Options of this experiment: datasets.spotify.report.label=a trial.", File.ReadAllText(Path.Combine(night.Data, "experiments/short/report.html")));
        Assert.Equal("a trial", dataset.GetProperty("label").GetString());
        Assert.Equal(7, Assert.Single(dataset.GetProperty("seeds").EnumerateArray()).GetInt32());
    }

    [Fact]
    public void The_other_reading_of_the_ages_is_an_experiment_that_is_always_there()
    {
        using var night = new Nightly();
        var run = night.Run("experiment", "vaccine-age", "--set", "experiments.vaccine-age.datasets=[\"vaccine-25x25\"]", "--set", "experiments.vaccine-age.seeds=[1]");

        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var clusters = night.Manifests("experiments/vaccine-age").First(manifest => manifest.GetProperty("stage").GetString() == "vaccine-25x25/clusters");
        Assert.Equal("standardised", clusters.GetProperty("options").GetProperty("options").GetProperty("ageScale").GetString());
        Assert.Contains("datasets.vaccine.clusters.ageScale=standardised", File.ReadAllText(Path.Combine(night.Data, "experiments/vaccine-age/report.html")));
    }

    [Fact]
    public void A_folder_that_an_experiment_sets_starts_from_the_file()
    {
        using var night = new Nightly();
        Configure(night, """{ "experiments": { "short": { "datasets": ["spotify"], "set": ["datasets.spotify.raw=nowhere"] } } }""");

        var run = night.Run("experiment", "short");

        Assert.Equal(ExitCode.InputMissing, run.Code);
        Assert.Contains(Path.Combine(Path.GetDirectoryName(night.Data)!, "nowhere"), run.Error);
    }

    [Fact]
    public void An_unknown_experiment_names_the_nearest()
    {
        using var night = new Nightly();

        var run = night.Run("experiment", "papr");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("There is no experiment 'papr'. Nearest: paper", run.Error);
    }

    [Theory]
    [InlineData("""{ "a/b": {} }""", "has the name 'a/b'")]
    [InlineData("""{ "x": { "datasets": ["spotfy"] } }""", "names the dataset 'spotfy'")]
    [InlineData("""{ "x": { "datasets": [] } }""", "at least one dataset")]
    [InlineData("""{ "x": { "seeds": [1, 1] } }""", "every seed must be there once")]
    public void A_wrong_experiment_is_refused_before_anything_runs(string experiments, string message)
    {
        using var night = new Nightly();
        Configure(night, $$"""{ "experiments": {{experiments}} }""");

        var run = night.Run("experiment", "paper");

        Assert.Equal(ExitCode.InvalidConfiguration, run.Code);
        Assert.Contains(message, run.Error);
    }

    static void Configure(Nightly night, string text) => File.WriteAllText(Path.Combine(Path.GetDirectoryName(night.Data)!, "pipeline.json"), text);

    static string PathOf(Nightly night, string file) => Path.Combine(night.Data, "experiments/paper", file);

    static string Read(Nightly night, string file) => File.ReadAllText(PathOf(night, file));

    static JsonElement Json(Nightly night) => JsonDocument.Parse(Read(night, "metrics.json")).RootElement;

    static async Task Until(Func<bool> condition)
    {
        // A liveness limit, far beyond the second that it takes.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
