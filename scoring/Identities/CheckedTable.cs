namespace Pipeline.Scoring.Identities;

/// <summary>What the check of a table found.</summary>
/// <param name="Metrics">Columns that were read.</param>
public sealed record CheckedTable(IReadOnlyList<MetricName> Metrics, IReadOnlyList<CheckedRow> Rows);

/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Label">The row's cells that are no metric's.</param>
/// <param name="OneRelevant">Whether the row was held to what one relevant item per user forces.</param>
/// <param name="Relations">How many were checked that suppose nothing.</param>
/// <param name="Broken">Relations of which some cell must be wrong.</param>
/// <param name="BrokenIfSupposed">Relations that are broken only if what they suppose is so.</param>
public sealed record CheckedRow(
    long Line, string Label, OneRelevant OneRelevant, int Relations, IReadOnlyDictionary<MetricName, RoundedValue> Values,
    IReadOnlyList<Breach> Broken, IReadOnlyList<Breach> BrokenIfSupposed);

/// <summary>What is known of users having exactly one relevant item.</summary>
public enum OneRelevant
{
    /// <summary>Nothing, and nothing is made of it.</summary>
    Unknown,

    /// <summary>No column tells, and the bounds of NDCG are used.</summary>
    Assumed,

    /// <summary>Columns agree with it, within their rounding.</summary>
    Shown,

    /// <summary>Columns show that some users have more.</summary>
    Refuted,
}
