using Pipeline.Host.Terminal;

namespace Pipeline.Unit.Host;

public class LineViewTests
{
    readonly ManualClock clock = new();
    readonly StringWriter text = new() { NewLine = "\n" };

    [Fact]
    public void A_short_stage_is_two_lines()
    {
        using var view = new LineView(text, clock);
        view.Started("spotify/ingest");
        for (var row = 0; row <= 100; row++)
        {
            clock.Advance(0.01);
            view.Progress("spotify/ingest", row, 100, "rows");
        }

        view.Finished("spotify/ingest", "done", TimeSpan.FromSeconds(1));

        Assert.Equal("spotify/ingest: started\nspotify/ingest: done in 1.0 s\n", text.ToString());
    }

    [Fact]
    public void A_long_stage_tells_every_tenth_of_its_work()
    {
        using var view = new LineView(text, clock);
        view.Started("train");
        for (var step = 1; step <= 1000; step++)
        {
            clock.Advance(0.2);
            view.Progress("train", step, 1000, "steps");
        }

        // A tenth is 100 steps, which is 20 s and so more than the ten seconds; the start is a line, too.
        Assert.Equal(1 + 10, text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_slow_stage_tells_once_a_minute()
    {
        using var view = new LineView(text, clock);
        view.Started("train");
        for (var second = 0; second < 300; second++)
        {
            clock.Advance(1);
            view.Progress("train", second, 1_000_000, "steps");
        }

        Assert.Equal(1 + 5, text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
