using Pipeline.Host.Terminal;

namespace Pipeline.Unit.Host;

public class BarViewTests
{
    [Fact]
    public void A_finished_stage_stays_as_a_line_with_its_duration()
    {
        using var text = new StringWriter();
        using (var view = new BarView(text, 80, new ManualClock()))
        {
            view.Started("spotify/train/mamba");
            view.Progress("spotify/train/mamba", 1, 2, "steps");
            view.Finished("spotify/train/mamba", StageRow.Done, TimeSpan.FromSeconds(75));
        }

        Assert.Contains("spotify/train/mamba  ", text.ToString());
        Assert.Contains("1 min 15 s", text.ToString());
    }

    [Fact]
    public void Reports_of_a_stage_that_was_never_started_are_ignored()
    {
        using var text = new StringWriter();
        using var view = new BarView(text, 80, new ManualClock());

        view.Progress("spotify/train/mamba", 1, 2, "steps");

        Assert.DoesNotContain("mamba", text.ToString());
    }
}
