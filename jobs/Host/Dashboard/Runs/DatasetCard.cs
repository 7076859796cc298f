using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Runs;

/// <summary>One dataset on the overview: its last night, the nights before it, how fresh it is and why not, and what can be done.</summary>
static class DatasetCard
{
    const int NightsShown = 14;
    const int ReasonsShown = 3;

    /// <param name="runs">All runs, the oldest first.</param>
    public static Element Of(PageRequest request, DatasetOutlook outlook, IReadOnlyList<RunHeadline> runs, long? bytes)
    {
        var (name, last) = (outlook.Dataset, outlook.Last);
        var took = last.Finished is { } end ? $", took {Phrase.Duration(end - last.Started)}" : "";
        return new Element("section")
        {
            ("class", $"card {RunsCommand.Word(outlook.State)}"),
            new Element("h2") { Show.Link(Address.Lineage(name), name) },
            new Element("p") { Show.State(outlook.State), " ", Show.Link(Show.RunAddress(last.Run), Show.Ago(request.Clock.GetUtcNow(), last.Started)), took },
            Trouble(outlook),
            Freshness(outlook),
            Pinned(request, name),
            Nights(name, runs),
            Show.Line(
                "legend",
                Show.Link(Address.Grid(name), "nights"),
                Show.Link(Address.Lineage(name), "lineage"),
                Address.Report(request.Root, name) is { } report ? Show.Link(report, "report") : null,
                bytes is { } size ? Phrase.Bytes(size) : (Markup?)null),
            Actions(request, outlook),
        };
    }

    static IEnumerable<Markup> Trouble(DatasetOutlook outlook)
    {
        if (outlook.Failed is { } failed)
        {
            yield return new Element("p") { ("class", "notice"), failed.Message ?? $"{failed.Stage} failed." };
        }
        else if (outlook.State is RunState.Failed && outlook.Last.Stages.FirstOrDefault(stage => stage.State == RunState.Failed) is { } elsewhere)
        {
            yield return new Element("p") { ("class", "notice"), $"The run ended before it was done, because {elsewhere.Stage} failed." };
        }
        else if (outlook.State == RunState.Crashed)
        {
            yield return new Element("p") { ("class", "notice"), "Its process ended without a word." };
        }
    }

    static Element Freshness(DatasetOutlook outlook)
    {
        if (outlook.Stages.Count == 0)
        {
            return new Element("p") { outlook.Problem ?? "" };
        }

        if (outlook.Stale == 0)
        {
            return new Element("p") { Show.State("fresh"), $", all {outlook.Stages.Count} stages" };
        }

        // What follows from another stage's reason says nothing of its own.
        var reasons = outlook.Stages.Where(stage => stage.State == "stale" && !stage.Why.Contains("will be rebuilt", StringComparison.Ordinal) && !stage.Why.EndsWith(" will run", StringComparison.Ordinal)).ToList();
        var details = new Element("details") { new Element("summary") { Show.State("stale"), $" {outlook.Stale} of {outlook.Stages.Count} stages" } };
        var list = new Element("ul") { reasons.Take(ReasonsShown).Select(stage => (Markup)new Element("li") { Show.Link(Address.Lineage(outlook.Dataset, stage.Stage), stage.Stage), $": {stage.Why}" }) };
        if (reasons.Count > ReasonsShown)
        {
            list.Add(new Element("li") { $"and {reasons.Count - ReasonsShown} more" });
        }

        details.Add(list);
        return details;
    }

    /// <summary>Lists that somebody rolled back stay as they are, however many nights succeed: nobody must forget it.</summary>
    static IEnumerable<Markup> Pinned(PageRequest request, string dataset)
    {
        IReadOnlyDictionary<string, string> pins;
        try
        {
            pins = Pins.Read(request.Root, dataset);
        }
        catch (PipelineException error)
        {
            return [new Element("p") { ("class", "notice"), error.Message }];
        }

        return pins.Count == 0 ? [] :
        [
            new Element("p")
            {
                ("class", "notice"),
                "Rolled back and held there until somebody releases it: ",
                pins.Select((pin, i) => (Markup)new Element("span") { i == 0 ? "" : ", ", Show.Link(ArtifactView.Address(dataset, pin.Key), pin.Key) }),
                ". Nights publish nothing new here.",
            },
        ];
    }

    static Element Nights(string dataset, IReadOnlyList<RunHeadline> runs)
    {
        var strip = new Element("p") { ("class", "strip") };
        strip.Add(runs.Where(run => run.Datasets.Contains(dataset)).TakeLast(NightsShown).Select(run => (Markup)Show.Sign(
            RunsCommand.Word(run.State), Show.RunAddress(run.Run), $"{Phrase.Time(run.Started)}: {RunsCommand.Word(run.State)}")));
        return strip;
    }

    static Element Actions(PageRequest request, DatasetOutlook outlook)
    {
        var actions = new Element("div") { ("class", "actions") };
        if (outlook.State == RunState.Running)
        {
            return actions;
        }

        if (outlook.State != RunState.Succeeded)
        {
            actions.Add(request.Form($"{Show.RunAddress(outlook.Last.Run)}/resume", new Element("button") { ("type", "submit"), ("aria-label", $"Resume the last run of {outlook.Dataset}"), "Resume" }));
        }

        actions.Add(request.Form("/runs", new Element("button") { ("type", "submit"), ("aria-label", $"Run {outlook.Dataset} now"), "Run now" }, [("selection", outlook.Dataset)]));
        return actions;
    }
}
