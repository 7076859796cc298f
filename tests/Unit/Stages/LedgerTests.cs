using Pipeline.Stages;
using Pipeline.Unit.Faults;

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

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(26)]
    public void A_name_that_begins_in_one_block_and_ends_in_the_next_is_found(int bytesInFirst)
    {
        var first = Begin();
        var line = File.ReadAllText(ledger.Path);
        var before = (1 << 18) - bytesInFirst - line.IndexOf("\"run\":", StringComparison.Ordinal);
        File.WriteAllText(ledger.Path, new string('x', before - 1) + "\n" + line);

        Assert.NotEqual(first, Begin());
    }

    /// <summary>Else two processes could look for a name, or for the run of a fire, both find nothing, and both begin.</summary>
    [Fact]
    public void What_is_looked_up_is_written_under_the_same_lock()
    {
        bool? isFree = null;
        using (Files.Watch(new BeforeWrite(() =>
        {
            using var other = Libc.Open(ledger.Path, Libc.ReadWrite);
            isFree = Libc.TryLock(other, Libc.LockExclusive | Libc.LockNonBlocking, ledger.Path);
        })))
            Begin();

        Assert.False(isFree);
    }

    /// <summary>Not every network's file system keeps a lock for all machines.</summary>
    [Fact]
    public void A_line_that_another_adds_in_spite_of_the_lock_is_not_overwritten()
    {
        Begin();
        var line = File.ReadAllBytes(ledger.Path);
        using (Files.Watch(new BeforeWrite(() =>
        {
            using var other = Libc.Open(ledger.Path, Libc.ReadWrite, append: true);
            RandomAccess.Write(other, line, line.Length);
        })))
            Begin();

        Assert.Equal((3, 0), (ledger.Read().Entries.Count, ledger.Read().Unreadable));
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

    [Fact]
    public void A_line_of_which_half_went_to_a_full_disk_hides_only_itself()
    {
        Begin();
        using (Files.Watch(new CountedFault(FaultKind.ShortWrite, at: 1)))
            Assert.Throws<IOException>(() => Begin());

        Begin();

        Assert.Equal((2, 1), (ledger.Read().Entries.Count, ledger.Read().Unreadable));
    }

    [Theory]
    [InlineData("""{"event":"runStarted","run":"../../etc"}""")]
    [InlineData("""{"event":"runStarted","datasets":["../etc"]}""")]
    [InlineData("""{"event":"runStarted","datasets":[null]}""")]
    [InlineData("""{"event":"runStarted","selection":[null]}""")]
    [InlineData("""{"event":"runStarted","settings":[null]}""")]
    [InlineData("""{"event":"runStarted","arguments":[null]}""")]
    [InlineData("""{"event":"published","generations":{"4-topk/mamba":null}}""")]
    [InlineData("""{"event":"published","generations":{"4-topk/mamba":"../../etc"}}""")]
    [InlineData("""{"event":"published","generations":{"../../etc":"0123456789abcdef"}}""")]
    [InlineData("""{"event":"stageFinished","made":["../../etc"]}""")]
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

    [Fact]
    public void A_run_that_ends_while_its_lock_is_looked_at_has_not_crashed()
    {
        var run = Begin();
        var reads = 0;

        var runs = ledger.Settle(() =>
        {
            if (reads++ > 0)
                ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Ok });
            return RunRecord.From(ledger.Read().Entries);
        });

        Assert.Equal(RunState.Succeeded, Assert.Single(runs).State);
    }

    [Fact]
    public void A_run_that_begins_while_locks_are_looked_at_has_not_crashed()
    {
        Begin();
        var reads = 0;

        var runs = ledger.Settle(() =>
        {
            if (reads++ > 0)
                ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["other"] });
            return RunRecord.From(ledger.Read().Entries);
        });

        Assert.Equal([RunState.Crashed, RunState.Running], runs.Select(each => each.State));
    }

    /// <summary>Else `resume` would find nothing to resume while prune or a rollback is at work.</summary>
    [Theory]
    [InlineData(1, "host", RunState.Running)]
    [InlineData(2, "host", RunState.Crashed)]
    [InlineData(1, "other", RunState.Crashed)]
    public void A_holder_without_a_run_is_only_the_process_of_a_run_that_is_starting(int pid, string host, RunState expected)
    {
        ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Pid = 1, Host = "host" });
        using var held = DatasetLock.Take(root, "toy", Holder("") with { Pid = pid, Host = host, Run = null });

        Assert.Equal(expected, Assert.Single(ledger.Runs()).State);
    }

    [Fact]
    public void A_holder_that_nobody_can_name_yet_may_be_the_run()
    {
        Begin();
        Directory.CreateDirectory(root.Dataset("toy"));
        var path = Path.Combine(root.Dataset("toy"), ".lock");
        File.WriteAllText(path, "");
        using var held = Libc.Open(path, Libc.ReadWrite);
        Libc.TryLock(held, Libc.LockExclusive, path);

        Assert.Equal(RunState.Running, Assert.Single(ledger.Runs()).State);
    }

    /// <summary>No process has the largest number there is.</summary>
    [Theory]
    [InlineData(true, true, RunState.Running)]
    [InlineData(true, false, RunState.Crashed)]
    [InlineData(false, false, RunState.Running)]
    public void A_lock_that_still_names_a_dead_process_of_this_machine_is_held_by_another(bool isHere, bool isAlive, RunState expected)
    {
        var run = Begin();
        using var held = DatasetLock.Take(
            root, "toy", Holder(run) with { Pid = isAlive ? Environment.ProcessId : int.MaxValue, Host = isHere ? Environment.MachineName : "host" });

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

    sealed class BeforeWrite(Action act) : IFileFaults
    {
        public FileFault? Before(FileOperation operation, string path)
        {
            if (operation == FileOperation.Write)
                act();
            return null;
        }
    }
}
