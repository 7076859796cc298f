using System.Text.Json.Nodes;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class TotalViewTests
{
    readonly StringWriter text = new() { NewLine = "\n" };
    readonly ManualClock clock = new();

    [Fact]
    public void All_stages_that_train_make_one_total_and_what_was_done_before_is_no_part_of_it()
    {
        var view = new Recorder();
        using var total = new TotalView(view, "all", clock);
        total.Planned(PlanOf(100, 100));

        total.Progress("a", 0, 100, "steps");
        total.Progress("a", 100, 100, "steps");
        total.Progress("rows", 5, 9, "rows");
        // Resumed from step 40: 100 + 60 steps are what this run makes.
        total.Progress("b", 40, 100, "steps");
        total.Progress("b", 70, 100, "steps");

        Assert.Equal([(0, 200), (100, 200), (100, 160), (130, 160)], view.Totals);
    }

    [Fact]
    public void Where_nothing_is_to_be_trained_there_is_no_total()
    {
        using (var total = new TotalView(new LineView(text, clock), "all", clock))
        {
            total.Planned(PlanOf());
            total.Started("report");
            total.Finished("report", "done", TimeSpan.FromSeconds(1));
        }

        Assert.Equal("report: started\nreport: done in 1.0 s\n", text.ToString());
    }

    static Plan PlanOf(params int[] steps)
    {
        var stage = new Idle();
        return new Plan([], [.. steps.Select((count, index) => new PlannedNode
        {
            Node = new StageNode("data", stage, index, [index], isOneOfSeveral: true),
            Fingerprint = "",
            Action = PlanAction.Run,
            Reason = "",
            IsSelected = true,
            Options = new JsonObject { ["training"] = new JsonObject { ["steps"] = count } },
            Inputs = [],
            Parents = [],
        })]);
    }

    sealed class Recorder : IProgressView
    {
        public List<(long Done, long Total)> Totals { get; } = [];

        public void Started(string stage)
        {
        }

        public void Progress(string stage, long done, long total, string unit)
        {
            if (stage == "all")
            {
                Totals.Add((done, total));
            }
        }

        public void Finished(string stage, string result, TimeSpan duration)
        {
        }

        public void Dispose()
        {
        }
    }

    sealed class Idle : IStage
    {
        public string Name => "train/idle";

        public int Version => 1;

        public object Options => new { };

        public SeedScope Seeds => SeedScope.Each;

        public IReadOnlyList<Artifact> Reads => [];

        public IReadOnlyList<Artifact> Writes => [];

        public Task RunAsync(StageContext context, CancellationToken cancellation) => Task.CompletedTask;
    }
}
