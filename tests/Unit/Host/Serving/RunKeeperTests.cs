using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Serving;

/// <summary>Which crashed runs a server goes on with.</summary>
public sealed class RunKeeperTests : IDisposable
{
    readonly TempFolder folder = new();
    readonly StringWriter log = new();
    readonly Ledger ledger;
    readonly DataRoot root;

    public RunKeeperTests()
    {
        root = new DataRoot(folder.Path);
        ledger = new Ledger(root, TimeProvider.System);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task After_three_crashes_in_a_row_the_run_is_left_to_people()
    {
        string? earlier = null;
        for (var crash = 1; crash <= 4; crash++)
        {
            earlier = Begin(earlier, isServed: true);
        }

        Assert.Equal(0, await GoneOnWith(most: 3));
        Assert.Contains("\"event\":\"run crashed, left to people\"", log.ToString());
        Assert.Equal(1, await GoneOnWith(most: 4));
    }

    [Fact]
    public async Task A_crash_is_gone_on_with_once()
    {
        Begin(null, isServed: true);

        Assert.Equal(1, await GoneOnWith(most: 3, visits: 3));
    }

    [Fact]
    public async Task What_a_person_began_what_ran_elsewhere_what_ran_again_and_what_goes_on_is_left_alone()
    {
        Begin(null, isServed: false);
        Assert.Equal(0, await GoneOnWith(most: 3));

        ledger.Begin(Line(null, isServed: true) with { Host = "elsewhere" });
        Assert.Equal(0, await GoneOnWith(most: 3));

        Begin(null, isServed: true);
        var again = Begin(null, isServed: false);
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = again, Exit = ExitCode.Ok });
        Assert.Equal(0, await GoneOnWith(most: 3));

        using var held = DatasetLock.Take(root, "toy", new LockHolder(1, "", null, "", default));
        held.Describe(new LockHolder(1, "", Begin(null, isServed: true), "", default));
        Assert.Equal(0, await GoneOnWith(most: 3));
    }

    [Fact]
    public async Task A_run_whose_process_could_not_be_started_is_gone_on_with_when_one_can_be()
    {
        Begin(null, isServed: true);
        var index = new LedgerIndex(root, TimeProvider.System);
        var launcher = new RunLauncher(["--data", folder.Path], folder.File("not yet"), index, TimeProvider.System);
        var keeper = new RunKeeper(index, launcher, 3, new ServeLog(log, isTerminal: false, isQuiet: false, TimeProvider.System));

        var error = await Assert.ThrowsAsync<PipelineException>(keeper.VisitAsync);
        Directory.CreateDirectory(folder.File("not yet"));
        await keeper.VisitAsync();

        Assert.Equal(ExitCode.Busy, error.Code);
        Assert.Contains("No process can be started now", error.Message);
        Assert.Single(launcher.Running);
        await launcher.StopAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_stopped_with_its_server_is_gone_on_with_and_counts_as_a_crash()
    {
        var crashed = Begin(null, isServed: true);
        var stopped = Interrupted(crashed);

        Assert.Equal(0, await GoneOnWith(most: 1));
        Assert.Contains("run stopped with its server, left to people", log.ToString());
        Assert.Equal(1, await GoneOnWith(most: 2));
        Interrupted(stopped);
        Assert.Equal(0, await GoneOnWith(most: 2));
    }

    [Fact]
    public async Task What_a_person_cancelled_stays_cancelled_however_it_ended()
    {
        ledger.Append(End(Begin(null, isServed: true)));
        Assert.Equal(0, await GoneOnWith(most: 3));

        // Asked to stop, and killed before it could.
        Ask(Begin(null, isServed: true));
        Assert.Equal(0, await GoneOnWith(most: 3));

        var before = Begin(null, isServed: true);
        Ask(before);
        ledger.Append(End(before) with { IsTransient = true });
        Assert.Equal(0, await GoneOnWith(most: 3));

        var after = Begin(null, isServed: true);
        ledger.Append(End(after) with { IsTransient = true });
        Ask(after);
        Assert.Equal(0, await GoneOnWith(most: 3));
    }

    /// <returns>How many runs it began; each is a process, which finds nothing to do here and ends.</returns>
    async Task<int> GoneOnWith(int most, int visits = 1)
    {
        var lines = log.ToString().Length;
        var index = new LedgerIndex(root, TimeProvider.System);
        var launcher = new RunLauncher(["--data", folder.Path], folder.Path, index, TimeProvider.System);
        var keeper = new RunKeeper(index, launcher, most, new ServeLog(log, isTerminal: false, isQuiet: false, TimeProvider.System));
        for (var visit = 0; visit < visits; visit++)
        {
            await keeper.VisitAsync();
        }

        await launcher.StopAsync(TimeSpan.Zero);
        return log.ToString()[lines..].Split("going on with it").Length - 1;
    }

    string Interrupted(string? resumes)
    {
        var run = Begin(resumes, isServed: true);
        ledger.Append(End(run) with { IsTransient = true });
        return run;
    }

    void Ask(string run) => ledger.Append(new LedgerEntry { Event = LedgerEvent.CancelAsked, Run = run });

    static LedgerEntry End(string run) => new() { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Terminated };

    string Begin(string? resumes, bool isServed) => ledger.Begin(Line(resumes, isServed));

    static LedgerEntry Line(string? resumes, bool isServed) => new()
    {
        Event = LedgerEvent.RunStarted,
        Datasets = ["toy"],
        Selection = ["toy"],
        Host = Environment.MachineName,
        Pid = 1,
        IsServed = isServed ? true : null,
        Resumes = resumes,
    };
}
