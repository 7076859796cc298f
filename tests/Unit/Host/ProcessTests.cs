using System.Diagnostics;
using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>What only a process of its own can show: signals, and two writers that know nothing of each other.</summary>
public sealed class ProcessTests : IDisposable
{
    // A process that was started with SIGINT ignored hands that down, and then nothing stops the training.
    static readonly TimeSpan Liveness = TimeSpan.FromMinutes(2);

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-process-");
    readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (var process in started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("-INT", ExitCode.Cancelled)]
    [InlineData("-TERM", ExitCode.Terminated)]
    public async Task A_signal_stops_a_training_run_at_a_checkpoint_and_a_second_writer_is_told_who_holds_the_lock(string signal, ExitCode expected)
    {
        // More steps than any machine makes before the signal.
        var run = Start(
            "run", "+spotify/train/mamba", "--set", "datasets.spotify.training.steps=10000000", "--set", "datasets.spotify.pairs.train=1000");
        var pid = run.Id.ToString(CultureInfo.InvariantCulture);
        await WaitFor(run, "spotify/train/mamba: started");

        var second = Start("run");
        await second.WaitForExitAsync();
        Assert.Equal((int)ExitCode.Busy, second.ExitCode);
        Assert.Contains($"process {pid} ", await second.StandardError.ReadToEndAsync());

        await Process.Start("kill", [signal, pid]).WaitForExitAsync();
        var error = await run.StandardError.ReadToEndAsync().WaitAsync(Liveness);
        await run.WaitForExitAsync();

        Assert.Equal((int)expected, run.ExitCode);
        Assert.Contains("To go on: pipeline resume", error);
        var left = DatasetScan.Of(new DataRoot(Path.Combine(folder.FullName, "data")), "spotify").Generations.Single(generation => generation.State == GenerationState.Partial);
        Assert.NotEmpty(Directory.GetFiles(left.Path));
    }

    Process Start(params string[] args)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(Pipeline.Host.Cli).Assembly.Location, .. args])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        started.Add(process);
        return process;
    }

    static async Task WaitFor(Process process, string line)
    {
        while (await process.StandardError.ReadLineAsync() is { } read)
        {
            if (read == line)
            {
                return;
            }
        }

        Assert.Fail($"The process ended before it said '{line}'.");
    }
}
