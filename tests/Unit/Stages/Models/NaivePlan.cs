namespace Pipeline.Unit.Stages.Models;

/// <summary>What a plan of a random graph must say, worked out the long way: keys as nested text, ways as a table of who reaches whom.</summary>
sealed class NaivePlan
{
    readonly RandomGraph graph;
    readonly bool[,] reaches;

    public NaivePlan(RandomGraph graph)
    {
        this.graph = graph;
        var count = graph.Count;
        reaches = new bool[count, count];
        for (var reader = 0; reader < count; reader++)
        {
            for (var writer = 0; writer < reader; writer++)
                reaches[writer, reader] = graph.IsRead(reader, writer);
        }

        for (var middle = 0; middle < count; middle++)
        {
            for (var from = 0; from < count; from++)
            {
                for (var to = 0; to < count; to++)
                    reaches[from, to] |= reaches[from, middle] && reaches[middle, to];
            }
        }
    }

    /// <summary>Stages that have to run: those of which nothing was made from just these versions.</summary>
    public IReadOnlyList<int> Stale => [.. Enumerable.Range(0, graph.Count).Where(stage => !graph.IsMade[stage] || Key(stage, isNow: true) != Key(stage, isNow: false))];

    /// <summary>Null if a word fits nothing.</summary>
    public IReadOnlySet<int>? Selected()
    {
        var selected = new HashSet<int>();
        foreach (var word in graph.Words.DefaultIfEmpty("toy"))
        {
            var name = word.Trim('+');
            var matched = name == "state:stale" ? Stale : [.. Enumerable.Range(0, graph.Count).Where(stage => IsMatch(name, $"toy/{RandomGraph.Name(stage)}"))];
            if (matched.Count == 0 && name != "state:stale")
                return null;
            foreach (var stage in matched)
            {
                selected.Add(stage);
                selected.UnionWith(Enumerable.Range(0, graph.Count).Where(other =>
                    (word.StartsWith('+') && reaches[other, stage]) || (word.EndsWith('+') && reaches[stage, other])));
            }
        }

        return selected;
    }

    /// <summary>True if a selected stage would run on something that is not there and is not selected.</summary>
    public bool LacksInput(IReadOnlySet<int> selected) => Stale.Any(reader => selected.Contains(reader)
        && Stale.Any(writer => graph.IsRead(reader, writer) && !selected.Contains(writer)));

    string Key(int stage, bool isNow) =>
        $"{stage}v{(isNow && graph.IsRaised[stage] ? 2 : 1)}({string.Join(',', Enumerable.Range(0, stage).Where(writer => graph.IsRead(stage, writer)).Select(writer => Key(writer, isNow)))})";

    static bool IsMatch(string word, string path)
    {
        var (wanted, found) = (word.Split('/'), path.Split('/'));
        for (var i = 0; i < wanted.Length; i++)
        {
            if (i >= found.Length || (wanted[i] != "*" && wanted[i] != found[i]))
                return false;
        }

        return true;
    }
}
