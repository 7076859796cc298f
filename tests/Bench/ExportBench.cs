using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pipeline.Features;
using Pipeline.Scoring;

namespace Pipeline.Bench;

/// <summary>
/// The nightly export from files to files, and the checks before it is published, for three numbers of users. Bought items are masked, some users have no
/// features, and the competition's file is written. Each run is a process of its own that the runtime allows 512 MiB of managed memory.
/// </summary>
static class ExportBench
{
    const string Limit = "0x20000000", Tower = "mamba";

    static readonly ListOptions Lists = new() { MaskBought = true, Submission = true };

    public static Command Command()
    {
        var users = new Option<int>("--users") { Description = "Users of the largest case; the others have a half and a quarter.", DefaultValueFactory = _ => 1_371_980 };
        return BenchOptions.Command(
            "export", "A list for every user of a large population, and the checks before it is published.",
            (setup, parsed) => Run(setup, parsed.GetRequiredValue(users)), users);
    }

    /// <summary>What the process of one run does.</summary>
    public static Command ChildCommand()
    {
        var (folder, threads) = (new Argument<string>("folder"), new Argument<int>("threads"));
        var command = new Command("export-once") { folder, threads };
        command.Hidden = true;
        command.SetAction(parsed => Console.WriteLine(JsonSerializer.Serialize(RunOnce(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(threads)))));
        return command;
    }

    static Results Run(Setup setup, int users)
    {
        var rows = new[] { users / 4, users / 2, users }.SelectMany(count => Measure(setup, count)).ToList();
        return Results.Of(
            setup, rows.OrderBy(row => row.Name.Split(' ')[0], StringComparer.Ordinal),
            $"Stage and users; {setup.Options.Rounds} processes (ms: the median), each allowed {Limit} bytes of managed memory. From files to files, reading the users and 23 interactions of each included.");
    }

    static List<Row> Measure(Setup setup, int users)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-");
        try
        {
            new ExportWorld(folder.FullName).Make(users);
            var runs = new List<Once>();
            for (var round = 0; round < setup.Options.Rounds; round++)
            {
                runs.Add(Start(folder.FullName, setup.Options.Threads));
            }

            Row Row(string stage, Func<Once, double> seconds, Func<Once, double> megabytes) => new(
                string.Create(CultureInfo.InvariantCulture, $"{stage} {users}"), Case.Middle([.. runs.Select(run => seconds(run) * 1000)]), null, null,
                new("bestMs", runs.Min(seconds) * 1000), new("usersPerSecond", users / Case.Middle([.. runs.Select(seconds)])),
                new("peakMiB", runs.Max(megabytes)), new("dedupeFactor", runs[0].DedupeFactor));
            return [Row("export", run => run.ExportSeconds, run => run.ExportMiB), Row("publish", run => run.PublishSeconds, run => run.PublishMiB)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static Once Start(string folder, int threads)
    {
        var program = Environment.ProcessPath!;
        string[] runtime = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ExportBench).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. runtime, "export-once", folder, $"{threads}"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = Limit;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? JsonSerializer.Deserialize<Once>(output)!
            : throw new InvalidOperationException($"The run in {folder} ended with {child.ExitCode}; what it wrote to the console says why.");
    }

    static Once RunOnce(string folder, int threads)
    {
        var world = new ExportWorld(folder);
        var start = Stopwatch.GetTimestamp();
        var export = world.Run(new ExportStage(Tower, Lists, FeatureArtifacts.Interactions), threads)!;
        var (exportSeconds, exportMiB) = (Stopwatch.GetElapsedTime(start).TotalSeconds, PeakMiB());
        start = Stopwatch.GetTimestamp();
        world.Run(new PublishStage([Tower], Lists, FeatureArtifacts.Interactions), threads);
        return new Once(exportSeconds, exportMiB, Stopwatch.GetElapsedTime(start).TotalSeconds, PeakMiB(), (double)export.Facts["dedupeFactor"]);
    }

    /// <summary>The most memory that the process ever had in use.</summary>
    static double PeakMiB()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }

    /// <param name="PublishMiB">Includes what the export took.</param>
    sealed record Once(double ExportSeconds, double ExportMiB, double PublishSeconds, double PublishMiB, double DedupeFactor);
}
