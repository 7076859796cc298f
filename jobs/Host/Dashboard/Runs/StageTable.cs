using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Runs;

/// <summary>The stages of a run: what they took and made, why they ran, and a button that runs each and all after it again.</summary>
static class StageTable
{
    public static Element Of(PageRequest request, RunRecord run)
    {
        var progress = ProgressFile.Read(request.Root, run.Run);
        var outputs = Outputs(request.Session, run);
        return Show.Table(
            $"{run.Stages.Count} stages, in the order in which they began or were found up to date.",
            ["stage", "state", "began ", "time ", "rows ", "size ", "made", "why", "again"],
            run.Stages.Select((stage, i) => (IReadOnlyList<Markup>)
            [
                Name(run, i),
                stage.State == RunState.Running ? StageBar.Of(stage, progress) : Show.State(stage),
                stage.IsSkipped ? "" : $"+{Phrase.Duration(stage.Started - run.Started)}",
                stage.DurationSeconds is { } seconds ? Phrase.Duration(TimeSpan.FromSeconds(seconds)) : "",
                stage.Rows is { } rows ? Phrase.Count(rows) : "",
                stage.Bytes is { } bytes ? Phrase.Bytes(bytes) : "",
                Made(stage, outputs),
                new Element("span") { ("class", "why"), stage.Message ?? stage.Reason ?? "" },
                run.State == RunState.Running ? "" : Rerun(request, run, stage.Stage),
            ]));
    }

    /// <summary>A button that runs a stage and what comes after it again, as this run was set.</summary>
    public static Element Rerun(PageRequest request, RunRecord run, string stage) => request.Form(
        $"{Show.RunAddress(run.Run)}/rerun",
        new Element("button") { ("type", "submit"), ("aria-label", $"Rerun from {stage} on"), "Rerun from here" },
        [("stage", stage)]);

    static Element Name(RunRecord run, int index)
    {
        var stage = run.Stages[index];
        var attempt = 1 + run.Stages.Take(index).Count(earlier => earlier.Stage == stage.Stage && earlier.Seeds.SequenceEqual(stage.Seeds));
        return new Element("span")
        {
            ("id", run.Stages.Take(index).Any(earlier => earlier.Stage == stage.Stage) ? $"{Address.Anchor(stage.Stage)}-{index}" : Address.Anchor(stage.Stage)),
            Show.Link(Address.Lineage(stage.Stage.Split('/')[0], stage.Stage), StageBar.Title(stage)),
            attempt > 1 ? $" attempt {attempt}" : "",
        };
    }

    static Element Made(StageRecord stage, IReadOnlyDictionary<string, IReadOnlyList<Artifact>> outputs)
    {
        var links = new Element("span") { ("class", "made") };
        if (stage is { State: RunState.Succeeded, IsSkipped: false } && outputs.TryGetValue(stage.Stage, out var artifacts))
        {
            links.Add(artifacts.Select(artifact => (Markup)Show.Link(Address.Artifact(stage.Stage.Split('/')[0], artifact), artifact.Folder)));
        }

        return links;
    }

    /// <summary>What stages write by their paths, as far as the present configuration has them.</summary>
    static Dictionary<string, IReadOnlyList<Artifact>> Outputs(Session session, RunRecord run) => session.Datasets
        .Where(dataset => run.Datasets.Contains(dataset.Name)).Select(session.Graph)
        .SelectMany(graph => graph.Stages.Select(stage => (Path: graph.PathOf(stage), stage.Writes)))
        .ToDictionary(stage => stage.Path, stage => stage.Writes, StringComparer.Ordinal);
}
