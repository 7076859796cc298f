using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>What a night promises, on the whole pipeline.</summary>
public class NightlyTests
{
    [Fact]
    public void A_night_from_nothing_ends_in_published_lists_and_a_report_and_leaves_nothing_to_do()
    {
        using var night = new Nightly();

        var run = night.Run("run");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("report.html", run.Out);
        Assert.True(night.Run("plan", "--json").Json.GetProperty("done").GetBoolean());
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
        foreach (var artifact in new[] { "1-tables/songs", "2-features/users", "3-models/mamba", "4-topk/mamba", "4-topk/transformer", "5-report" })
        {
            Assert.True(File.Exists(Path.Combine(night.Data, "spotify", artifact, "current", "manifest.json")), artifact);
        }
    }

    [Fact]
    public void Metrics_have_a_row_for_each_list_and_metric_with_its_interval()
    {
        using var night = new Nightly();
        night.Run("run");

        var metrics = night.Metrics();

        Assert.Equal("spotify", metrics.GetProperty("dataset").GetString());
        Assert.True(metrics.GetProperty("synthetic").GetBoolean());
        var rows = metrics.GetProperty("rows").EnumerateArray().ToList();
        foreach (var list in new[] { "mamba", "transformer", "popularity", "random", "oracle" })
        {
            foreach (var metric in new[] { "P 1", "P 5", "P 10", "R 1", "R 5", "R 10", "MRR 1", "MRR 5", "MRR 10", "HR 1", "HR 5", "HR 10", "NDCG 1", "NDCG 5", "NDCG 10", "MAP 12" })
            {
                var row = Assert.Single(rows, row => row.GetProperty("list").GetString() == list && $"{row.GetProperty("metric")} {row.GetProperty("k")}" == metric);
                var value = row.GetProperty("value").GetDouble();
                Assert.InRange(value, row.GetProperty("low").GetDouble(), row.GetProperty("high").GetDouble());
                Assert.InRange(row.GetProperty("users").GetInt32(), 1, 60);
                Assert.Equal(1, row.GetProperty("seeds").GetInt32());
            }
        }
    }

    [Fact]
    public void One_and_two_threads_leave_the_same_bytes_in_every_artifact()
    {
        using Nightly one = new(), two = new();
        one.Run("run", "--threads", "1", "--set", "datasets.spotify.seeds=[1,2]");
        two.Run("run", "--threads", "2", "--set", "datasets.spotify.seeds=[1,2]");

        Assert.Equal(one.Parts(), two.Parts());
        Assert.Contains("spotify/3-models/mamba seed 2 model.safetensors".Replace("spotify/", ""), one.Parts().Keys);
    }

    [Fact]
    public async Task A_night_killed_in_training_and_resumed_ends_with_the_bytes_of_an_unbroken_one()
    {
        // Long enough that the kill, which follows the first checkpoint at step 5, comes long before the end, however busy the machine is.
        string[] steps = ["--set", "datasets.spotify.training.steps=2000", "--set", "datasets.spotify.training.probeEverySteps=1000"];
        using Nightly unbroken = new(), killed = new();
        unbroken.Run(["run", .. steps]);

        using (var process = killed.Start(["run", .. steps]))
        {
            await Until(() => process.HasExited || killed.HasCheckpoint());
            Assert.False(process.HasExited, "The night ended before it could be killed.");
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.Contains("crashed", killed.Run("runs", "list").Out);
        Assert.False(Directory.Exists(Path.Combine(killed.Data, "spotify/3-models/mamba/current")));
        var resumed = killed.Run("resume");

        Assert.Equal(ExitCode.Ok, resumed.Code);
        Assert.Contains("goes on from step", Log(killed));
        Assert.Equal(unbroken.Parts(), killed.Parts());
    }

    [Fact]
    public void A_flipped_byte_of_any_file_of_any_artifact_is_found()
    {
        using var night = new Nightly();
        night.Run("run");
        var files = Directory.EnumerateFiles(Path.Combine(night.Data, "spotify"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => !Path.GetFileName(file).StartsWith('.') && !file.Contains("/.passed/", StringComparison.Ordinal)
                && !file.Contains("/.staging/", StringComparison.Ordinal)).ToList();

        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            // The middle of the file; every byte of a small artifact is tried in the verifier's own test.
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
            Assert.Equal((file, ExitCode.InputMissing), (file, night.Run("verify").Code));
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
        // 15 stages, four of which write two or three artifacts; none was overlooked.
        Assert.True(files.Count > 30, $"{files.Count} files");
    }

    static string Log(Nightly night) =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(night.Data, "logs")).Select(File.ReadAllText));

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
