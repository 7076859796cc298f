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

        // What 'ulimit -f' sends is not the end: the write that was too long fails, and is told.
        await Process.Start("kill", ["-XFSZ", pid]).WaitForExitAsync();
        await Process.Start("kill", [signal, pid]).WaitForExitAsync();
        var error = await run.StandardError.ReadToEndAsync().WaitAsync(Liveness);
        await run.WaitForExitAsync();

        Assert.Equal((int)expected, run.ExitCode);
        Assert.Contains("To go on: pipeline resume", error);
        var left = DatasetScan.Of(new DataRoot(Path.Combine(folder.FullName, "data")), "spotify").Generations.Single(generation => generation.State == GenerationState.Partial);
        Assert.NotEmpty(Directory.GetFiles(left.Path));
    }

    [Theory]
    [InlineData("plan nothing 2>/dev/full", ExitCode.Usage)]
    [InlineData("plan nothing 2>&-", ExitCode.Usage)]
    [InlineData("plan >&-", ExitCode.Ok)]
    [InlineData("plan --json >/dev/full", ExitCode.OutOfSpace)]
    [InlineData("plan >/dev/full 2>/dev/full", ExitCode.OutOfSpace)]
    public async Task Output_that_cannot_be_written_ends_no_command_with_a_crash(string command, ExitCode expected)
    {
        var plan = Start("sh", ["-c", $"exec \"$0\" \"$@\" {command}", .. Program]);
        await plan.WaitForExitAsync().WaitAsync(Liveness);

        Assert.Equal((int)expected, plan.ExitCode);
    }

    [Theory]
    [InlineData("status", "data", false)]
    [InlineData("status", "data/spotify", false)]
    [InlineData("verify", "data", false)]
    [InlineData("prune", "data", false)]
    [InlineData("resume", "data", false)]
    [InlineData("doctor", "data", true)]
    public async Task What_must_not_be_looked_into_does_not_pass_for_empty(string verb, string name, bool isAnswer)
    {
        folder.CreateSubdirectory("data/spotify");
        var hidden = new DirectoryInfo(Path.Combine(folder.FullName, name));
        await Mode("755", folder);
        await Mode("000", hidden);
        try
        {
            var look = StartAsOther(verb);
            await look.WaitForExitAsync().WaitAsync(Liveness);

            Assert.Equal((int)ExitCode.InputMissing, look.ExitCode);
            Assert.Contains("cannot be read", await (isAnswer ? look.StandardOutput : look.StandardError).ReadToEndAsync());
        }
        finally
        {
            await Mode("755", hidden);
        }
    }

    [Fact]
    public async Task A_configuration_that_must_not_be_read_does_not_pass_for_none()
    {
        var file = Path.Combine(folder.FullName, "pipeline.json");
        await File.WriteAllTextAsync(file, "{}");
        await Mode("755", folder);
        await Mode("000", new FileInfo(file));
        var plan = StartAsOther("plan");
        await plan.WaitForExitAsync().WaitAsync(Liveness);

        Assert.Equal((int)ExitCode.InputMissing, plan.ExitCode);
        Assert.StartsWith($"error: The configuration file {file} cannot be read: ", await plan.StandardError.ReadToEndAsync());
    }

    /// <summary>For root there is no file that must not be read.</summary>
    Process StartAsOther(string verb) => Environment.UserName == "root"
        ? Start("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", .. Program, verb])
        : Start(verb);

    static Task Mode(string mode, FileSystemInfo place) => Process.Start("chmod", [mode, place.FullName]).WaitForExitAsync();

    static string[] Program { get; } = [Environment.ProcessPath!, "exec", typeof(Pipeline.Host.Cli).Assembly.Location];

    Process Start(params string[] args) => Start(Program[0], [.. Program[1..], .. args]);

    Process Start(string file, string[] args)
    {
        var process = Process.Start(new ProcessStartInfo(file, args)
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
