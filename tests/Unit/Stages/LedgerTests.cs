using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class LedgerTests : IDisposable
{
    readonly TempFolder folder = new();
    readonly HandClock clock = new();
    readonly DataRoot root;
    readonly Ledger ledger;

    public LedgerTests()
    {
        root = new DataRoot(folder.Path);
        ledger = new Ledger(root, clock);
    }

    [Fact]
    public void A_run_is_named_by_the_clock_and_no_name_comes_twice()
    {
        Assert.Equal(["20261121-003512-417", "20261121-003512-418", "20261121-003512-419"], [Begin(), Begin(), Begin()]);
    }

    [Fact]
    public void A_name_is_found_wherever_it_lies_in_a_long_ledger()
    {
        var first = Begin();
        foreach (var length in new[] { (1 << 18) - 400, 1 << 18, (1 << 18) + 300 })
        {
            ledger.Append(new LedgerEntry { Event = LedgerEvent.StageFailed, Run = "other", Message = new string('x', length) });
            Begin();
        }

        Assert.Equal(4, ledger.Runs().Select(run => run.Run).Distinct().Count());
        Assert.Equal(first, ledger.Runs()[0].Run);
    }

    [Fact]
    public void A_torn_line_hides_only_itself()
    {
        Begin();
        File.AppendAllText(ledger.Path, "{\"time\":\"2026-11-2");

        var later = Begin();

        var reading = ledger.Read();
        Assert.Equal(1, reading.Unreadable);
        Assert.Equal(["20261121-003512-417", later], reading.Entries.Select(entry => entry.Run));
    }

    [Theory]
    [InlineData("""{"event":"runStarted","run":"../../etc"}""")]
    [InlineData("""{"event":"runStarted","datasets":["../etc"]}""")]
    [InlineData("""{"event":"runStarted","datasets":[null]}""")]
    [InlineData("""{"event":"runStarted","selection":[null]}""")]
    [InlineData("""{"event":"runStarted","settings":[null]}""")]
    [InlineData("""{"event":"runStarted","arguments":[null]}""")]
    [InlineData("""{"event":"published","generations":{"4-topk/mamba":null}}""")]
    public void A_line_whose_names_lead_elsewhere_or_have_holes_hides_only_itself(string line)
    {
        Begin();
        File.AppendAllText(ledger.Path, line + "\n");
        Begin();

        Assert.Equal((2, 1), (ledger.Read().Entries.Count, ledger.Read().Unreadable));
    }

    [Fact]
    public void Any_cut_of_the_file_loses_at_most_one_line()
    {
        for (var i = 0; i < 3; i++)
            Begin();
        var bytes = File.ReadAllBytes(ledger.Path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(ledger.Path, bytes[..length]);
            var whole = bytes[..length].Count(letter => letter == '\n');

            // A line without its line feed is whole too if only that is cut off.
            Assert.InRange(ledger.Read().Entries.Count, whole, whole + 1);
            Assert.InRange(ledger.Read().Unreadable, 0, 1);
        }
    }

    [Theory]
    [InlineData(ExitCode.Ok, RunState.Succeeded)]
    [InlineData(ExitCode.StageFailed, RunState.Failed)]
    [InlineData(ExitCode.CheckFailed, RunState.Failed)]
    [InlineData(ExitCode.Cancelled, RunState.Cancelled)]
    [InlineData(ExitCode.Terminated, RunState.Cancelled)]
    public void The_state_of_a_finished_run_follows_from_its_exit_code(ExitCode exit, RunState expected)
    {
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = Begin(), Exit = exit });

        Assert.Equal(expected, Assert.Single(ledger.Runs()).State);
    }

    [Fact]
    public void A_run_that_holds_its_lock_is_running_and_crashed_once_the_lock_is_free()
    {
        var run = Begin();
        ledger.Append(new LedgerEntry { Event = LedgerEvent.StageStarted, Run = run, Stage = "toy/read", Seeds = [] });

        using (DatasetLock.Take(root, "toy", Holder(run)))
            Assert.Equal(RunState.Running, Assert.Single(ledger.Runs()).State);

        var crashed = Assert.Single(ledger.Runs());
        Assert.Equal(RunState.Crashed, crashed.State);
        Assert.Equal(RunState.Crashed, Assert.Single(crashed.Stages).State);
    }

    [Fact]
    public void A_run_that_was_asked_to_stop_and_never_said_that_it_did_was_cancelled()
    {
        var run = Begin();
        ledger.Append(new LedgerEntry { Event = LedgerEvent.StageStarted, Run = run, Stage = "toy/read", Seeds = [] });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.CancelAsked, Run = run });

        using (DatasetLock.Take(root, "toy", Holder(run)))
            Assert.Equal(RunState.Running, Assert.Single(new LedgerIndex(root, clock).Runs()).State);
        var cancelled = Assert.Single(ledger.Runs());

        Assert.Equal((RunState.Cancelled, true), (cancelled.State, cancelled.IsCancelAsked));
        Assert.Equal(RunState.Cancelled, Assert.Single(cancelled.Stages).State);
        Assert.Equal(RunState.Cancelled, Assert.Single(new LedgerIndex(root, clock).Runs()).State);
    }

    [Fact]
    public void A_run_whose_lock_another_run_holds_has_crashed()
    {
        var (crashed, running) = (Begin(), Begin());
        using var held = DatasetLock.Take(root, "toy", Holder(running));

        Assert.Equal([(crashed, RunState.Crashed), (running, RunState.Running)], ledger.Runs().Select(run => (run.Run, run.State)));
    }

    /// <summary>Else `resume` would find nothing to resume while prune or a rollback is at work.</summary>
    [Theory]
    [InlineData(1, RunState.Running)]
    [InlineData(2, RunState.Crashed)]
    public void A_holder_without_a_run_is_only_the_process_of_a_run_that_is_starting(int pid, RunState expected)
    {
        ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Pid = 1, Host = "host" });
        using var held = DatasetLock.Take(root, "toy", Holder("") with { Pid = pid, Run = null });

        Assert.Equal(expected, Assert.Single(ledger.Runs()).State);
    }

    [Fact]
    public void Two_writers_at_once_lose_no_line()
    {
        Parallel.For(0, 40, i => new Ledger(root, clock).Append(new LedgerEntry { Event = LedgerEvent.StageStarted, Run = $"{i}" }));

        var reading = ledger.Read();
        Assert.Equal(0, reading.Unreadable);
        Assert.Equal(40, reading.Entries.Select(entry => entry.Run).Distinct().Count());
    }

    public void Dispose() => folder.Dispose();

    static LockHolder Holder(string run) => new(1, "host", run, "pipeline run", new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));

    string Begin() => ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"] });
}
