namespace Pipeline.Stages;

/// <summary>
/// Which stages are meant: `spotify`, `spotify/train`, `*/train/mamba` (names or their beginnings, whole segments, `*` for any one),
/// with `+` before for all that they depend on and `+` after for all that depends on them; `state:stale`; several words add up.
/// </summary>
public sealed class Selection
{
    const string StaleWord = "state:stale";

    readonly IReadOnlyList<Word> words;

    Selection(IReadOnlyList<Word> words, IReadOnlyList<StageGraph> graphs)
    {
        this.words = words;
        Graphs = [.. graphs.Where(graph => words.Any(word => word.IsStale || graph.Stages.Any(stage => word.Matches(graph.PathOf(stage)))))];
    }

    /// <summary>The datasets that the words can touch.</summary>
    public IReadOnlyList<StageGraph> Graphs { get; }

    /// <param name="words">None means everything.</param>
    /// <exception cref="PipelineException">A word fits no stage (Usage); the message names the nearest ones.</exception>
    public static Selection Parse(IReadOnlyList<string> words, IReadOnlyList<StageGraph> graphs)
    {
        var parsed = words.Count == 0 ? [Word.Parse("*")] : words.Select(Word.Parse).ToList();
        var paths = graphs.SelectMany(graph => graph.Stages.Select(graph.PathOf)).ToList();
        foreach (var word in parsed.Where(word => !word.IsStale && !paths.Exists(word.Matches)))
        {
            var known = paths.SelectMany(Beginnings);
            throw new PipelineException(ExitCode.Usage, $"No stage is called '{word.Name}'.{NearestNames.Hint(word.Name, known, count: 3)}");
        }

        return new Selection(parsed, graphs);
    }

    /// <summary>Paths of the selected stages: "spotify/train/mamba".</summary>
    public IReadOnlySet<string> Resolve(Func<StageGraph, IStage, bool> isStale)
    {
        var selected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var graph in Graphs)
        {
            foreach (var word in words)
            {
                foreach (var stage in graph.Stages.Where(stage => word.IsStale ? isStale(graph, stage) : word.Matches(graph.PathOf(stage))))
                {
                    selected.Add(graph.PathOf(stage));
                    if (word.WithBefore)
                        AddAll(graph, stage, graph.Before, selected);
                    if (word.WithAfter)
                        AddAll(graph, stage, graph.After, selected);
                }
            }
        }

        return selected;
    }

    static void AddAll(StageGraph graph, IStage stage, Func<IStage, IReadOnlyList<IStage>> next, HashSet<string> selected)
    {
        foreach (var other in next(stage))
        {
            selected.Add(graph.PathOf(other));
            AddAll(graph, other, next, selected);
        }
    }

    static IEnumerable<string> Beginnings(string path)
    {
        var parts = path.Split('/');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts.Take(count)));
    }

    sealed record Word(string Name, bool WithBefore, bool WithAfter)
    {
        public bool IsStale => Name == StaleWord;

        public static Word Parse(string text)
        {
            var name = text.StartsWith('+') ? text[1..] : text;
            name = name.EndsWith('+') ? name[..^1] : name;
            if (name.Contains(':') && name != StaleWord)
                throw new PipelineException(ExitCode.Usage, $"'{text}' is no selection: the only state is {StaleWord}.");
            return new Word(name.TrimEnd('/'), text.StartsWith('+'), text.EndsWith('+'));
        }

        public bool Matches(string path)
        {
            var (wanted, found) = (Name.Split('/'), path.Split('/'));
            return wanted.Length <= found.Length && wanted.Zip(found).All(pair => pair.First == "*" || pair.First == pair.Second);
        }
    }
}
