namespace Pipeline.Scoring.Identities;

/// <summary>A table that somebody printed, as text.</summary>
/// <param name="Headers">One per column.</param>
public sealed record PrintedTable(IReadOnlyList<string> Headers, IReadOnlyList<PrintedRow> Rows);

/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Cells">As many as headers.</param>
public sealed record PrintedRow(long Line, IReadOnlyList<string> Cells);
