using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Probes;

/// <summary>When each dataset's whole chain last ended well. A run of a few stages is no night: it must have come to every stage that nothing follows.</summary>
sealed class Nights(IReadOnlyList<StageGraph> graphs)
{
    readonly Lock gate = new();
    readonly Dictionary<string, IReadOnlySet<string>> wholeBySelection = new(StringComparer.Ordinal);

    /// <param name="runs">The oldest first.</param>
    /// <returns>Null if there is none.</returns>
    public RunHeadline? LastSuccess(string dataset, IReadOnlyList<RunHeadline> runs) =>
        runs.LastOrDefault(run => run.State == RunState.Succeeded && run.Datasets.Contains(dataset) && Whole(run.Selection).Contains(dataset));

    IReadOnlySet<string> Whole(IReadOnlyList<string> selection)
    {
        var key = string.Join(' ', selection);
        lock (gate)
        {
            if (!wholeBySelection.TryGetValue(key, out var whole))
            {
                wholeBySelection.Add(key, whole = Resolve(selection));
            }

            return whole;
        }
    }

    IReadOnlySet<string> Resolve(IReadOnlyList<string> selection)
    {
        try
        {
            // What was fresh when the run began needed no run: `state:stale` makes a night whole.
            var selected = Selection.Parse(selection, graphs).Resolve((_, _) => true);
            return graphs.Where(graph => graph.Stages.Where(stage => graph.After(stage).Count == 0).All(stage => selected.Contains(graph.PathOf(stage))))
                .Select(graph => graph.Dataset).ToHashSet(StringComparer.Ordinal);
        }
        catch (PipelineException)
        {
            // A run of an earlier configuration, whose words name stages that are no more.
            return new HashSet<string>();
        }
    }
}
