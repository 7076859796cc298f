using System.Globalization;

namespace Pipeline.Stages;

/// <summary>Finds the generations that artifacts go back to, together.</summary>
/// <param name="pins">Where `current` is, or will be once a rollback that was broken off is finished.</param>
sealed class RollbackTarget(
    DataRoot root, StageGraph graph, IReadOnlyList<Artifact> artifacts, IReadOnlyDictionary<string, string> pins, IReadOnlyList<Publication> history)
{
    const int NamesShown = 5;

    readonly List<Publication> published = [.. history.Where(publication => publication.Has(artifacts))];

    /// <param name="to">See <see cref="Rollback.Back"/>.</param>
    /// <returns>Names of generations by artifact folder.</returns>
    public SortedDictionary<string, string> Find(string? to)
    {
        if (to is null)
            return Unfinished() ?? Before();
        if (published.FindLast(publication => publication.IsMeant(to, artifacts)) is { } meant)
            return Of(meant);
        return artifacts is [var only] && (graph.MoverOf(only) == graph.WriterOf(only)) ? new(StringComparer.Ordinal) { [only.Folder] = Named(only, to) } : throw NeverPublished(to);
    }

    /// <summary>What a rollback had pinned before it was broken off: it is finished first.</summary>
    SortedDictionary<string, string>? Unfinished() =>
        artifacts.All(artifact => pins.ContainsKey(artifact.Folder)) && artifacts.Any(artifact => pins[artifact.Folder] != root.Current(graph.Dataset, artifact))
            ? new(artifacts.ToDictionary(artifact => artifact.Folder, artifact => pins[artifact.Folder]), StringComparer.Ordinal)
            : null;

    /// <summary>What was published before that which is current; of what is current, the latest time counts. What is not on the disk any more is passed over.</summary>
    SortedDictionary<string, string> Before()
    {
        var last = published.FindLastIndex(IsCurrent);
        var earlier = published.Take(last < 0 ? published.Count : last).LastOrDefault(publication => !IsCurrent(publication) && IsThere(publication));
        return earlier is not null ? Of(earlier) : throw new PipelineException(
            ExitCode.InputMissing,
            $"The ledger knows of no earlier publication of {string.Join(" and ", artifacts.Select(artifact => $"{graph.Dataset}/{artifact.Folder}"))} that is still there. "
                + $"Name a generation with --to; there are: {string.Join("; ", artifacts.Select(Known))}.");
    }

    SortedDictionary<string, string> Of(Publication publication) =>
        new(artifacts.ToDictionary(artifact => artifact.Folder, artifact => publication.Generations[artifact.Folder]), StringComparer.Ordinal);

    bool IsCurrent(Publication publication) => artifacts.All(artifact => root.Current(graph.Dataset, artifact) == publication.Generations[artifact.Folder]);

    bool IsThere(Publication publication) => artifacts.All(artifact => Directory.Exists(root.Generation(graph.Dataset, artifact, publication.Generations[artifact.Folder])));

    /// <summary>Of an artifact that nobody checks before it is current, any generation will do.</summary>
    string Named(Artifact artifact, string to)
    {
        var found = Names(artifact).Where(name => name.StartsWith(to, StringComparison.Ordinal)).ToList();
        return found is [var only] ? only : throw new PipelineException(
            ExitCode.InputMissing, $"{graph.Dataset}/{artifact.Folder} has {(found.Count == 0 ? "no generation" : "several generations")} '{to}'. There are: {Known(artifact)}.");
    }

    PipelineException NeverPublished(string to)
    {
        var exists = artifacts.Any(artifact => Names(artifact).Any(name => name.StartsWith(to, StringComparison.Ordinal)));
        return exists
            ? new(ExitCode.CheckFailed, $"{to} was never published, as far as the ledger knows: nobody can tell that it passed its checks. Check it and publish it: pipeline publish {graph.Dataset} --to {to}")
            : new(ExitCode.InputMissing, $"There is no generation and no run '{to}' that published {string.Join(" and ", artifacts.Select(artifact => artifact.Folder))}. There are: {string.Join("; ", artifacts.Select(Known))}.");
    }

    IEnumerable<string> Names(Artifact artifact) => Generations(artifact).Select(generation => generation.Name);

    IEnumerable<DirectoryInfo> Generations(Artifact artifact)
    {
        var folder = new DirectoryInfo(root.Artifact(graph.Dataset, artifact));
        return !folder.Exists ? [] : folder.EnumerateDirectories().Where(child => child.LinkTarget is null && DataRoot.IsName(child.Name))
            .OrderByDescending(child => child.LastWriteTimeUtc).ThenBy(child => child.Name, StringComparer.Ordinal);
    }

    string Known(Artifact artifact)
    {
        var names = Generations(artifact).Take(NamesShown)
            .Select(child => $"{child.Name} ({child.LastWriteTimeUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)})").ToList();
        return $"{artifact.Folder} {(names.Count > 0 ? string.Join(", ", names) : "none")}";
    }
}
