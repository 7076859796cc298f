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
    [InlineData(CrashPoint.PartWritten, "run", "+spotify/ingest")]
    [InlineData(CrashPoint.ManifestBefore, "run", "+spotify/ingest")]
    [InlineData(CrashPoint.RenameBefore, "run", "+spotify/ingest")]
    [InlineData(CrashPoint.CurrentBefore, "run", "+spotify/ingest")]
    [InlineData(CrashPoint.CheckpointWritten, "run", "spotify")]
    [InlineData(CrashPoint.PassedBefore, "run", "spotify")]
    public async Task When_it_wakes_after_another_took_over_it_changes_nothing(string point, params string[] command)
    {
        using var night = new Nightly();
        using var paused = await PausedAsync(night, point, command);

        // The same once more, so that both make generations of the same names.
        TakeOver(night);
        Assert.Equal(ExitCode.Ok, night.Run(command).Code);

        await WakesInVainAsync(night, paused);
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
    }

    [ProcFact]
    public async Task When_it_wakes_it_does_not_replace_what_another_made_by_force()
    {
        using var night = new Nightly();
        string[] forced = ["run", "+spotify/ingest", "--force"];
        night.Run("run", "+spotify/ingest");
        using var paused = await PausedAsync(night, CrashPoint.RenameBefore, forced);
        TakeOver(night);
        Assert.Equal(ExitCode.Ok, night.Run(forced).Code);

        await WakesInVainAsync(night, paused);
    }

    [ProcFact]
    public async Task When_it_wakes_while_the_other_is_at_work_it_finishes_nothing_of_the_other()
    {
        using var night = new Nightly();
        string[] command = ["run", "+spotify/ingest"];
        using var paused = await PausedAsync(night, CrashPoint.RenameBefore, command);
        TakeOver(night);
        using var other = await PausedAsync(night, CrashPoint.ManifestBefore, command);

        await WakesInVainAsync(night, paused);
        Assert.Empty(night.Manifests("spotify"));
        Assert.Equal(ExitCode.Ok, await EndAsync(other));
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
    }

    [ProcFact]
    public async Task When_it_wakes_it_pins_and_prunes_nothing()
    {
        using var night = new Nightly();
        string[] earlier = ["run"], later = ["run", "--set", "datasets.spotify.seeds=[2]"];
        night.Run(earlier);
        night.Run(later);
        using var pruning = await PausedAsync(night, CrashPoint.RemoveBefore, "prune", "--set", "datasets.spotify.seeds=[2]");
        TakeOver(night);
        using var pinning = await PausedAsync(night, CrashPoint.PinsBefore, "rollback", "spotify");
        TakeOver(night);

        // What the one was about to take away is current now, and what the other was about to pin as well.
        Assert.Equal(ExitCode.Ok, night.Run(earlier).Code);

        await WakesInVainAsync(night, pruning);
        await WakesInVainAsync(night, pinning);
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
        Assert.True(night.Run("plan", "--json").Json.GetProperty("done").GetBoolean());
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

    static async Task<Process> PausedAsync(Nightly night, string point, params string[] command)
    {
        var process = night.Start(new Dictionary<string, string> { ["PIPELINE_STOP_AT"] = point }, command);
        await Stopped(process);
        return process;
    }

    /// <summary>A lease that ran out: on a root that machines share, another may take a lock whose holder seems dead.</summary>
    static void TakeOver(Nightly night) => File.Delete(Path.Combine(night.Data, "spotify", ".lock"));

    static async Task WakesInVainAsync(Nightly night, Process paused)
    {
        var left = Everything(night);
        Wake(paused);
        var error = await paused.StandardError.ReadToEndAsync();
        await paused.WaitForExitAsync();

        Assert.Equal((int)ExitCode.Busy, paused.ExitCode);
        Assert.Contains("spotify was taken over", error);
        Assert.Equal(left, Everything(night));
    }

    static async Task<ExitCode> EndAsync(Process paused)
    {
        Wake(paused);
        await paused.StandardError.ReadToEndAsync();
        await paused.WaitForExitAsync();
        return (ExitCode)paused.ExitCode;
    }

    /// <summary>Every file and link of the dataset, whatever it is for.</summary>
    static SortedDictionary<string, string> Everything(Nightly night) => Faults.TakeoverSweep.Everything(Path.Combine(night.Data, "spotify"));

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
