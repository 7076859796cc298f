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
}
