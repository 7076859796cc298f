using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Host.Terminal;

/// <summary>Progress on a terminal: a bar with rate and time left per running stage; a finished one stays as a line above.</summary>
sealed class BarView : IProgressView
{
    readonly Dictionary<string, Bar> bars = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly IAnsiConsole console;
    readonly TimeProvider clock;
    readonly ProgressContext context;
    readonly Task drawing;

    public BarView(TextWriter writer, int width, TimeProvider clock)
    {
        this.clock = clock;
        console = Output.Create(writer, isTerminal: true, width);
        var progress = console.Progress().HideCompleted(true).AutoClear(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = Math.Clamp(width / 4, 10, 40) },
            new PercentageColumn(),
            new MeterColumn(this));
        var ready = new TaskCompletionSource<ProgressContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        drawing = progress.StartAsync(started =>
        {
            ready.SetResult(started);
            return finished.Task;
        });
        context = ready.Task.GetAwaiter().GetResult();
    }

    public void Started(string stage)
    {
        var task = context.AddTask(Markup.Escape(stage));
        task.IsIndeterminate = true;
        lock (gate)
        {
            bars[stage] = new Bar(task, new ProgressMeter(clock));
        }
    }

    public void Progress(string stage, long done, long total, string unit)
    {
        lock (gate)
        {
            if (bars.TryGetValue(stage, out var bar))
            {
                bar.Meter.Report(done, total, unit);
                bar.Task.IsIndeterminate = total <= 0;
                // A bar at 100 % would count as finished and vanish while the stage still writes its files.
                bar.Task.Value = Math.Min(100 * bar.Meter.Fraction, 99.9);
            }
        }
    }

    public void Finished(string stage, string result, TimeSpan duration)
    {
        lock (gate)
        {
            if (bars.Remove(stage, out var bar))
            {
                bar.Task.Value = bar.Task.MaxValue;
            }
        }

        var colour = result == StageRow.Done ? "green" : "red";
        console.MarkupLine($"[{colour}]{result,-9}[/] {Markup.Escape(stage)}  [grey]{Phrase.Duration(duration)}[/]");
    }

    public void Dispose()
    {
        finished.TrySetResult();
        drawing.GetAwaiter().GetResult();
    }

    string Describe(ProgressTask task)
    {
        lock (gate)
        {
            foreach (var bar in bars.Values)
            {
                if (ReferenceEquals(bar.Task, task))
                {
                    return bar.Meter.Unit.Length > 0 ? bar.Meter.ToString() : Phrase.Duration(bar.Meter.Elapsed);
                }
            }
        }

        return "";
    }

    sealed record Bar(ProgressTask Task, ProgressMeter Meter);

    sealed class MeterColumn(BarView view) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(view.Describe(task));
    }
}
