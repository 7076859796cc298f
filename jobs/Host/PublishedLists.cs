using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>What `publish` put in use: the lists of a dataset, and what their items are called.</summary>
static class PublishedLists
{
    const string Parent = "4-topk";

    public static Artifact ArtifactOf(string list) => new($"list {list}", $"{Parent}/{list}");

    /// <summary>Names of the lists that a dataset has published, in ordinal order.</summary>
    public static IReadOnlyList<string> Of(DataRoot data, string dataset)
    {
        var lists = Path.Combine(data.Dataset(dataset), Parent);
        return !Directory.Exists(lists) ? [] : [.. Directory.GetDirectories(lists).Select(each => Path.GetFileName(each))
            .Where(name => !name.EndsWith("-test", StringComparison.Ordinal) && data.CurrentFolder(dataset, ArtifactOf(name)) is not null)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The generation that `current` names now; resolved once, so that a run that publishes meanwhile changes nothing.</summary>
    /// <exception cref="PipelineException">There is none (InputMissing).</exception>
    public static string Folder(Session session, string dataset, string list)
    {
        // A name with a separator would lead elsewhere.
        var published = Of(session.Data, dataset);
        if (published.Contains(list) && session.Data.CurrentFolder(dataset, ArtifactOf(list)) is { } folder)
        {
            return folder;
        }

        throw new PipelineException(ExitCode.InputMissing, published.Count == 0
            ? $"{dataset} has no published list yet in {Path.Combine(session.Data.Dataset(dataset), Parent)}. Make them: {session.Again($"pipeline run {dataset}")}"
            : $"{dataset} has no published list '{list}'. Published: {string.Join(", ", published)}.");
    }

    /// <summary>The items that lists are made of; null if there are none.</summary>
    public static EncodedTable? Items(DataRoot data, string dataset) => data.CurrentFolder(dataset, FeatureArtifacts.Items) is { } folder
        ? EncodedTable.Read(new InputFolder(FeatureArtifacts.Items, null, folder, ManifestFile.Read(folder)))
        : null;

    /// <summary>Item names by id; empty where items have none.</summary>
    /// <param name="items">Null if there are none.</param>
    public static IReadOnlyDictionary<string, string> Names(EncodedTable? items) => items is { Names: { } names }
        ? Enumerable.Range(0, items.Count).ToDictionary(row => items.Ids[row], row => names[row], StringComparer.Ordinal)
        : new Dictionary<string, string>();
}
