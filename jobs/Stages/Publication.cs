namespace Pipeline.Stages;

/// <summary>Lists that were current together, as the ledger tells it.</summary>
/// <param name="Run">The run that published them.</param>
/// <param name="Time">UTC.</param>
/// <param name="Generations">Names of generations by artifact folder.</param>
public sealed record Publication(string Run, DateTimeOffset Time, IReadOnlyDictionary<string, string> Generations)
{
    /// <summary>Of a dataset, the oldest first.</summary>
    public static IReadOnlyList<Publication> Of(LedgerReading ledger, string dataset) =>
    [
        .. ledger.Entries.Where(entry => entry.Event == LedgerEvent.Published && entry.Datasets?.Contains(dataset) == true)
            .Select(entry => new Publication(entry.Run, entry.Time, entry.Generations ?? new Dictionary<string, string>())),
    ];

    /// <summary>True if it has all of these artifacts.</summary>
    public bool Has(IReadOnlyList<Artifact> artifacts) => artifacts.All(artifact => Generations.ContainsKey(artifact.Folder));

    /// <summary>True if a generation (its name or the beginning of it) or a run is meant.</summary>
    public bool IsMeant(string to, IReadOnlyList<Artifact> artifacts) =>
        Run == to || artifacts.Any(artifact => Generations[artifact.Folder].StartsWith(to, StringComparison.Ordinal));
}
