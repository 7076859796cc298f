namespace Pipeline.Stages;

/// <summary>What a set of stages has to keep to, and the order that follows from it.</summary>
static class StageGraphRules
{
    public static void CheckNames(string dataset, IReadOnlyList<IStage> stages, IReadOnlyList<int> seeds)
    {
        if (!IsPath(dataset) || dataset.Contains('/'))
            throw Refusal($"A dataset cannot be called '{dataset}': use letters, digits, - and _.");
        if (seeds.Count == 0 || seeds.Distinct().Count() != seeds.Count)
            throw Refusal($"{dataset} needs at least one seed, and no seed twice; found: {string.Join(", ", seeds)}.");
        foreach (var stage in stages)
        {
            if (!IsPath(stage.Name))
                throw Refusal($"A stage of {dataset} cannot be called '{stage.Name}': use letters, digits, - and _, with / between parts.");
            if (stage.Writes.Count == 0 && stage.Publishes.Count == 0)
                throw Refusal($"{dataset}/{stage.Name} writes nothing and publishes nothing: nobody could tell whether it is done.");
            if (stage.SeedsAtOnce < 1 || (stage.SeedsAtOnce > 1 && stage.Seeds != SeedScope.Each))
                throw Refusal($"{dataset}/{stage.Name} takes {stage.SeedsAtOnce} seeds at once; more than one needs SeedScope.Each.");
        }

        if (stages.GroupBy(stage => stage.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Refusal($"{dataset} has {twice.Count()} stages called {twice.Key}.");
    }

    public static Dictionary<string, IStage> Writers(string dataset, IReadOnlyList<IStage> stages)
    {
        var writerOf = new Dictionary<string, IStage>(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            foreach (var folder in stage.Writes.Select(artifact => artifact.Folder))
            {
                if (!IsPath(folder))
                    throw Refusal($"{dataset}/{stage.Name} writes '{folder}', which is no folder below the dataset's: use letters, digits, - and _, with / between parts.");
                if (!writerOf.TryAdd(folder, stage))
                    throw Refusal($"{dataset}/{folder} is written twice, by {writerOf[folder].Name} and by {stage.Name}. An artifact has one writer.");
            }
        }

        foreach (var folder in writerOf.Keys)
        {
            if (writerOf.Keys.FirstOrDefault(other => folder.StartsWith(other + "/", StringComparison.Ordinal)) is { } outer)
                throw Refusal($"{dataset}/{folder} ({writerOf[folder].Name}) would lie inside the artifact {dataset}/{outer} ({writerOf[outer].Name}).");
        }

        return writerOf;
    }

    public static Dictionary<string, IStage> Publishers(string dataset, IReadOnlyList<IStage> stages, Dictionary<string, IStage> writerOf)
    {
        var publisherOf = new Dictionary<string, IStage>(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            foreach (var folder in stage.Publishes.Select(artifact => artifact.Folder))
            {
                if (!writerOf.ContainsKey(folder))
                    throw Refusal($"{dataset}/{stage.Name} publishes {folder}, which no stage writes.{NearestNames.Hint(folder, writerOf.Keys)}");
                if (!publisherOf.TryAdd(folder, stage))
                    throw Refusal($"{dataset}/{folder} is published twice, by {publisherOf[folder].Name} and by {stage.Name}.");
            }
        }

        return publisherOf;
    }

    public static void CheckReads(string dataset, IStage stage, Dictionary<string, IStage> writerOf)
    {
        foreach (var folder in stage.Reads.Select(artifact => artifact.Folder))
        {
            if (!writerOf.TryGetValue(folder, out var writer))
                throw Refusal($"{dataset}/{stage.Name} reads {folder}, which no stage writes.{NearestNames.Hint(folder, writerOf.Keys)}");
            if (stage.Seeds == SeedScope.None && writer.Seeds == SeedScope.Each)
                throw Refusal($"{dataset}/{stage.Name} reads {folder}, of which {writer.Name} makes one per seed, but has no seed itself. Its scope must be Each, First or All.");
        }
    }

    /// <summary>Of those whose inputs are done, always the one declared first.</summary>
    public static IReadOnlyList<IStage> Order(IReadOnlyList<IStage> stages, Func<IStage, IReadOnlyList<IStage>> before)
    {
        var waiting = stages.ToList();
        var ordered = new List<IStage>();
        while (waiting.Count > 0)
        {
            var next = waiting.FirstOrDefault(stage => before(stage).All(ordered.Contains))
                ?? throw Refusal($"These stages wait for each other: {string.Join(" -> ", Cycle(waiting, before).Select(stage => stage.Name))}.");
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    /// <summary>Follows what is waited for until a stage comes up again; every stage that waits has such a way.</summary>
    static IEnumerable<IStage> Cycle(List<IStage> waiting, Func<IStage, IReadOnlyList<IStage>> before)
    {
        var way = new List<IStage> { waiting[0] };
        while (true)
        {
            var next = before(way[^1]).First(waiting.Contains);
            if (way.IndexOf(next) is var start and >= 0)
                return way.Skip(start).Append(next);
            way.Add(next);
        }
    }

    static bool IsPath(string text) =>
        text.Split('/').All(part => part.Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));

    static PipelineException Refusal(string message) => new(ExitCode.Bug, message);
}
