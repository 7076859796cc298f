using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>A stage that fails for a passing reason is tried again; one whose time is up is stopped.</summary>
public sealed class StageRetryTests : IDisposable
{
    readonly ToyPipeline toy = new() { Seeds = [1] };
    readonly TimerClock clock = new();

    public void Dispose() => toy.Dispose();

    public static TheoryData<Exception, bool> Errors { get; } = new()
    {
        { new IOException("Stale file handle", 116), true },
        { new IOException("Input/output error", 5), true },
        { new AggregateException(new IOException("Input/output error", 5)), true },
        { new AggregateException(new IOException("Input/output error", 5), new IOException("No space left on device", 0x1C)), false },
        { new IOException("No space left on device", 0x1C), false },
        { new IOException("Disk quota exceeded", 0x7A), false },
        { new IOException("Read-only file system", 0x1E), false },
        { new IOException("Permission denied", 13), false },
        { new IOException("Operation not permitted", 1), false },
        { new FileNotFoundException("Where?"), false },
        { new DirectoryNotFoundException("Where?"), false },
        { new EndOfStreamException("Cut short"), false },
        { new InvalidDataException("Corrupt"), false },
        { new UnauthorizedAccessException("No"), false },
        { new OutOfMemoryException("Much"), false },
        { new PipelineException(ExitCode.StageFailed, "No."), false },
        { new PipelineException(ExitCode.Busy, "Busy."), false },
        { new OperationCanceledException("Stop"), false },
        { new InvalidOperationException("A bug"), false },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Only_what_may_pass_is_tried_again(Exception error, bool isTransient)
    {
        toy.Read.Then = (_, _) => throw error;

        var result = await RunAsync(toy.Request with { Selection = ["toy/read"], StageRetryDelay = TimeSpan.Zero });

        Assert.Equal(isTransient, StageFailures.IsTransient(error));
        Assert.Equal(isTransient ? 3 : 1, toy.Read.Calls);
        Assert.Single(result.Failures);
        Assert.Equal(isTransient, Assert.Single(Runs()).IsTransient);
    }

    [Fact]
    public async Task A_stage_that_ends_well_at_last_ends_the_run_well_and_the_ledger_has_each_attempt()
    {
        toy.Read.Then = (_, _) =>
        {
            if (toy.Read.Calls < 3)
                throw new IOException($"Stale file handle {toy.Read.Calls}", 116);
        };

        var result = await RunAsync(toy.Request with { Selection = ["toy/read"], StageRetryDelay = TimeSpan.Zero });

        Assert.Equal(ExitCode.Ok, result.Exit);
        var lines = new Ledger(toy.Root, clock).Read().Entries;
        Assert.Equal(
            [LedgerEvent.RunStarted, LedgerEvent.StageStarted, LedgerEvent.StageRetried, LedgerEvent.StageRetried, LedgerEvent.StageFinished, LedgerEvent.RunFinished],
            lines.Select(line => line.Event));
        Assert.Equal([1, 2], lines.Where(line => line.Event == LedgerEvent.StageRetried).Select(line => line.Attempt!.Value));
        var run = Assert.Single(Runs());
        Assert.False(run.IsTransient);
        var stage = Assert.Single(run.Stages);
        Assert.Equal(["Stale file handle 1", "Stale file handle 2"], stage.Retries);
        Assert.Equal(RunState.Succeeded, stage.State);
    }

    [Fact]
    public async Task Without_attempts_a_passing_error_fails_at_once()
    {
        toy.Read.Then = (_, _) => throw new IOException("Stale file handle", 116);

        await RunAsync(toy.Request with { Selection = ["toy/read"], StageRetries = 0 });

        Assert.Equal(1, toy.Read.Calls);
    }

    [Fact]
    public async Task The_next_attempt_waits_by_the_given_clock_and_twice_as_long_each_time()
    {
        toy.Read.Then = (_, _) => throw new IOException("Stale file handle", 116);

        var run = RunAsync(toy.Request with { Selection = ["toy/read"], StageRetryDelay = TimeSpan.FromHours(1) });
        var waited = new List<double>();
        for (var i = 0; i < 2; i++)
        {
            await Until(() => clock.Waiting.Count > 0);
            waited.Add(clock.Waiting[0].TotalHours);
            clock.Advance(clock.Waiting[0]);
        }

        Assert.Equal(ExitCode.StageFailed, (await run).Exit);
        Assert.Equal([1, 2], waited);
    }

    [Fact]
    public async Task A_run_can_be_cancelled_while_it_waits_for_the_next_attempt()
    {
        using var source = new CancellationTokenSource();
        toy.Read.Then = (_, _) => throw new IOException("Stale file handle", 116);
        var run = RunAsync(toy.Request with { Selection = ["toy/read"], StageRetryDelay = TimeSpan.FromHours(1) }, source.Token);
        await Until(() => clock.Waiting.Count > 0);

        await source.CancelAsync();

        var result = await run;
        Assert.Equal(ExitCode.Cancelled, result.Exit);
        Assert.True(Assert.Single(result.Failures).IsCancelled);
    }

    [Fact]
    public async Task The_next_attempt_goes_on_from_the_checkpoint_of_the_last_one()
    {
        var found = new List<bool>();
        toy.Train.Then = (context, _) =>
        {
            var checkpoint = context.Output(toy.Train.Writes[0]).File("checkpoint");
            found.Add(File.Exists(checkpoint));
            File.WriteAllText(checkpoint, "state");
            if (found.Count < 3)
                throw new IOException("Input/output error", 5);
        };

        var result = await RunAsync(toy.Request with { StageRetryDelay = TimeSpan.Zero });

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal([false, true, true], found);
        Assert.Equal(["manifest.json", "out.txt"], Directory.GetFiles(toy.CurrentFolder("3-models/mamba")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_next_attempt_of_a_stage_that_cannot_go_on_begins_with_an_empty_folder()
    {
        toy.Count.Then = (context, _) =>
        {
            File.WriteAllText(context.Output(toy.Count.Writes[0]).File($"stump-{toy.Count.Calls}"), "");
            if (toy.Count.Calls < 2)
                throw new IOException("Input/output error", 5);
        };

        await RunAsync(toy.Request with { StageRetryDelay = TimeSpan.Zero });

        Assert.Equal(["manifest.json", "out.txt", "stump-2"], Directory.GetFiles(toy.CurrentFolder("2-features/count")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_stage_whose_time_is_up_is_stopped_and_the_failure_says_how_far_it_was()
    {
        toy.Train.Then = (context, cancellation) =>
        {
            context.Progress(7, 10, "steps");
            clock.Advance(TimeSpan.FromMinutes(90));
            cancellation.ThrowIfCancellationRequested();
        };

        var result = await RunAsync(toy.Request with { StageTimeout = TimeSpan.FromMinutes(90) });

        Assert.Equal(ExitCode.StageFailed, result.Exit);
        Assert.Equal(
            "toy/train/mamba failed at step 7 of 10: the stage has taken 90 minutes, all that it may ('stageTimeoutMinutes'). Fix the cause, then: pipeline resume",
            Assert.Single(result.Failures).Message);
        Assert.Equal(1, toy.Train.Calls);
        Assert.False(Assert.Single(Runs()).IsTransient);
    }

    [Fact]
    public async Task Each_stage_has_its_own_time_but_the_run_has_one()
    {
        toy.Read.Then = toy.Split.Then = toy.Train.Then = (_, cancellation) =>
        {
            clock.Advance(TimeSpan.FromMinutes(40));
            cancellation.ThrowIfCancellationRequested();
        };
        var request = toy.Request with { Selection = ["toy/read", "toy/split", "toy/train"], StageTimeout = TimeSpan.FromMinutes(50) };

        var result = await RunAsync(request with { Timeout = TimeSpan.FromMinutes(100) });

        // 40 and 80 minutes; the third stage would end at 120.
        Assert.Equal(
            "toy/train/mamba failed: the run has taken 100 minutes, all that it may ('timeoutMinutes' of its schedule). Fix the cause, then: pipeline resume",
            Assert.Single(result.Failures).Message);
        Assert.Equal(ExitCode.Ok, (await RunAsync(request)).Exit);
    }

    [Fact]
    public async Task A_stage_that_ends_well_although_its_time_is_up_is_kept()
    {
        toy.Read.Then = (_, _) => clock.Advance(TimeSpan.FromMinutes(90));

        Assert.Equal(ExitCode.Ok, (await RunAsync(toy.Request with { Selection = ["toy/read"], StageTimeout = TimeSpan.FromMinutes(1) })).Exit);
    }

    static async Task Until(Func<bool> condition)
    {
        // A liveness limit, far beyond the instant that it takes.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
            await Task.Delay(1, limit.Token);
    }

    IReadOnlyList<RunRecord> Runs() => new Ledger(toy.Root, clock).Runs();

    Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellation = default) => new StageRunner(toy.Root, clock, new RecordingListener()).RunAsync(request, cancellation);
}
