using System.Diagnostics;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>A writer that stood still (a stopped process, a machine that slept) and wakes; real processes.</summary>
public sealed class PausedWriterTests
{
    [ProcFact]
    public async Task While_it_stands_still_nobody_takes_over_and_then_it_ends_well()
    {
        using var night = new Nightly();
        using var paused = night.Start(new Dictionary<string, string> { ["PIPELINE_STOP_AT"] = CrashPoint.RenameAfter }, "run");
        await Stopped(paused);

        Assert.Equal(ExitCode.Busy, night.Run("run").Code);
        Assert.Contains("running: process", night.Run("status", "spotify").Out);

        Wake(paused);
        await paused.WaitForExitAsync();
        Assert.Equal(0, paused.ExitCode);
        Assert.True(night.Run("plan", "--json").Json.GetProperty("done").GetBoolean());
    }

    [ProcTheory]
    [InlineData(CrashPoint.ManifestAfter)]
    [InlineData(CrashPoint.RenameAfter)]
    public async Task When_it_wakes_after_another_took_over_it_changes_nothing(string point)
    {
        using var night = new Nightly();
        using var paused = night.Start(new Dictionary<string, string> { ["PIPELINE_STOP_AT"] = $"{point}:2" }, "run");
        await Stopped(paused);

        // A lease that ran out: on a root that machines share, another may take a lock whose holder seems dead.
        File.Delete(Path.Combine(night.Data, "spotify", ".lock"));
        Assert.Equal(ExitCode.Ok, night.Run("run", "--set", "datasets.spotify.seeds=[2]").Code);
        var (parts, current) = (night.Parts("spotify"), Currents(night));

        Wake(paused);
        var error = await paused.StandardError.ReadToEndAsync();
        await paused.WaitForExitAsync();

        Assert.Equal((int)ExitCode.Busy, paused.ExitCode);
        Assert.Contains("spotify was taken over by process", error);
        Assert.Equal(current, Currents(night));
        Assert.Equal(parts, night.Parts("spotify"));
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
    }

    [ProcFact]
    public async Task A_process_that_is_killed_between_two_lists_is_finished_by_resume()
    {
        using var night = new Nightly();
        night.Run("run");
        var first = Currents(night);
        string[] other = ["--set", "datasets.spotify.seeds=[2]"];
        using var killed = night.Start(new Dictionary<string, string> { ["PIPELINE_CRASH_AT"] = CrashPoint.PublishBetween }, ["run", .. other]);
        _ = killed.StandardOutput.ReadToEndAsync();
        _ = killed.StandardError.ReadToEndAsync();
        await killed.WaitForExitAsync();

        Assert.Equal(128 + 9, killed.ExitCode);
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
        Assert.NotEqual(first, Currents(night));
        Assert.Equal(ExitCode.Ok, night.Run("resume").Code);
        Assert.True(night.Run(["plan", "--json", .. other]).Json.GetProperty("done").GetBoolean());
    }

    static List<string> Currents(Nightly night) =>
        [.. DatasetScan.Of(new DataRoot(night.Data), "spotify").Links.Select(link => $"{link.Key} {link.Value}")];

    /// <summary>Field 3 of /proc/PID/stat is its state; T is stopped. The field before it, the name, is in brackets.</summary>
    static async Task Stopped(Process process)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (process.HasExited || File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[^1][0] == 'T')
                break;
            await Task.Delay(100);
        }

        Assert.False(process.HasExited, "It ended before it was stopped.");
    }

    static void Wake(Process process) => Process.Start("kill", ["-CONT", $"{process.Id}"]).WaitForExit();
}

/// <summary>Needs /proc, where the state of a process can be seen.</summary>
sealed class ProcFactAttribute : FactAttribute
{
    public ProcFactAttribute() => Skip = Directory.Exists("/proc/self") ? null : "There is no /proc on this machine.";
}

/// <summary>Needs /proc, where the state of a process can be seen.</summary>
sealed class ProcTheoryAttribute : TheoryAttribute
{
    public ProcTheoryAttribute() => Skip = Directory.Exists("/proc/self") ? null : "There is no /proc on this machine.";
}
