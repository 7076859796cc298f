using System.Globalization;
using Pipeline.Host.Commands;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Runs;

/// <summary>
/// When each stage of a run worked, as bars. Along the time axis everything is in per cent, so that letters stay as large as they are however
/// wide the page is. The table of the stages below it says the same.
/// </summary>
static class RunTimeline
{
    const double Row = 32, Top = 26, Bar = 9;
    const int MostTicks = 6;

    /// <summary>Seconds between two ticks.</summary>
    static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 604800];

    /// <param name="now">UTC: how far a running stage's bar goes.</param>
    public static Markup Draw(RunRecord run, DateTimeOffset now)
    {
        var stages = run.Stages.Where(stage => !stage.IsSkipped).ToList();
        if (stages.Count == 0)
        {
            return HtmlPage.Paragraph(run.State == RunState.Running ? "No stage has begun yet." : "No stage had to run.");
        }

        var end = stages.Select(stage => EndOf(stage, run, now)).Append(run.Finished ?? run.Started).Max();
        var seconds = Math.Max((end - run.Started).TotalSeconds, 0.001);
        var height = Top + (Row * stages.Count) + 4;
        var svg = new Element("svg")
        {
            ("class", "timeline"),
            ("width", "100%"),
            ("height", height),
            ("role", "img"),
            ("aria-label", $"Timeline of {stages.Count} stages over {Phrase.Duration(end - run.Started)}; the table of the stages has the same figures."),
            Axis(seconds, height),
        };
        svg.Add(stages.Select((stage, i) => (Markup)Draw(stage, run, EndOf(stage, run, now), seconds, Top + (Row * i))));
        return new Element("figure") { new Element("figcaption") { "When each stage worked" }, new Element("div") { svg } };
    }

    static Element Axis(double seconds, double height)
    {
        var axis = new Element("g") { ("class", "axis") };
        var step = Steps.FirstOrDefault(each => seconds / each <= MostTicks, Steps[^1]);
        for (var i = 0; i * step <= seconds; i++)
        {
            var at = Percent(i * step / seconds);
            axis.Add(new Element("line") { ("class", "grid"), ("x1", at), ("x2", at), ("y1", Top - 8), ("y2", height) });
            if (i * step / seconds <= 0.9)
            {
                axis.Add(new Element("text") { ("x", at), ("y", 12), ("text-anchor", i == 0 ? "start" : "middle"), i == 0 ? "0" : Phrase.Duration(TimeSpan.FromSeconds(i * step)) });
            }
        }

        return axis;
    }

    static Element Draw(StageRecord stage, RunRecord run, DateTimeOffset end, double seconds, double y)
    {
        var word = RunsCommand.Word(stage.State);
        var (from, length) = ((stage.Started - run.Started).TotalSeconds / seconds, (end - stage.Started).TotalSeconds / seconds);
        var took = stage.DurationSeconds is { } known ? Phrase.Duration(TimeSpan.FromSeconds(known)) : "";
        return new Element("g")
        {
            ("class", $"bar {word}"),
            new Element("title") { $"{StageBar.Title(stage)}: {word} {took}" },
            new Element("rect") { ("class", "track"), ("x", 0), ("y", y + 17), ("width", "100%"), ("height", Bar) },
            new Element("rect") { ("class", "fill"), ("x", Percent(from)), ("y", y + 17), ("width", Percent(Math.Max(length, 0.002))), ("height", Bar) },
            new Element("text") { ("x", 0), ("y", y + 12), $"{SignOf(stage.State)} {StageBar.Title(stage)}" },
            new Element("text") { ("class", "faint"), ("x", "100%"), ("y", y + 12), ("text-anchor", "end"), stage.State == RunState.Succeeded ? took : $"{word} {took}" },
        };
    }

    /// <summary>What crashed is drawn as far as the run said anything: nobody knows more.</summary>
    static DateTimeOffset EndOf(StageRecord stage, RunRecord run, DateTimeOffset now) => stage switch
    {
        { DurationSeconds: { } seconds } => stage.Started + TimeSpan.FromSeconds(seconds),
        { State: RunState.Running } => now,
        _ => run.Stages.Max(each => each.Started),
    };

    static string SignOf(RunState state) => state switch
    {
        RunState.Succeeded => "✓",
        RunState.Running => "▶",
        RunState.Cancelled => "■",
        _ => "✕",
    };

    static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Clamp(fraction, 0, 1):0.##}%");
}
