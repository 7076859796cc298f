using Pipeline.Host;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public class SignalsTests
{
    readonly List<ExitCode> exits = [];
    readonly ManualClock clock = new();

    [Fact]
    public void The_first_signal_cancels_and_does_not_exit()
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock);
        signals.Receive(ExitCode.Terminated);

        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Empty(exits);
    }

    [Fact]
    public void The_second_signal_exits_at_once()
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock);
        signals.Receive(ExitCode.Cancelled);
        clock.Advance(seconds: 1);
        signals.Receive(ExitCode.Cancelled);

        Assert.Equal([ExitCode.Cancelled], exits);
    }

    [Fact]
    public void One_stop_that_is_sent_to_the_process_and_to_its_group_counts_once()
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock);
        signals.Receive(ExitCode.Terminated);
        clock.Advance(seconds: 0.9);
        signals.Receive(ExitCode.Terminated);

        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Empty(exits);
    }

    [Fact]
    public void The_exit_code_is_that_of_the_signal()
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock);
        signals.Receive(ExitCode.Terminated);

        Assert.Equal(ExitCode.Terminated, signals.Code);
    }

    [Fact]
    public void A_run_of_serve_that_is_asked_twice_still_ends_at_its_checkpoint()
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock, isChild: true);
        signals.Receive(ExitCode.Terminated);
        clock.Advance(seconds: 2);
        signals.Receive(ExitCode.Terminated);

        Assert.Empty(exits);
    }

    [Fact]
    public void A_server_that_stops_cancels_its_run_as_SIGTERM_would()
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock, isChild: true);
        signals.Interrupt();
        signals.Interrupt();

        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Equal((true, ExitCode.Terminated), (signals.IsInterrupted, signals.Code));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_somebody_wanted_to_end_was_not_interrupted_whichever_came_first(bool serverFirst)
    {
        using var signals = new Signals(TextWriter.Null, exits.Add, clock, isChild: true);
        foreach (var act in new[] { signals.Interrupt, () => signals.Receive(ExitCode.Terminated) }.OrderBy(act => (act == signals.Interrupt) != serverFirst))
            act();

        Assert.False(signals.IsInterrupted);
        Assert.Empty(exits);
    }
}
