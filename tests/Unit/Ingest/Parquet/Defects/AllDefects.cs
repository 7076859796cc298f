namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Every defect of a Parquet file that the format's description lets one think of, made by hand.</summary>
static class AllDefects
{
    public static IReadOnlyList<Defect> List { get; } = [.. FrameDefects.List, .. FooterDefects.List, .. PageDefects.List, .. ValueDefects.List, .. BombDefects.List, .. ExpansionDefects.List];
}

/// <param name="Write">Writes the file.</param>
/// <param name="IsRefused">False for what is odd but has one meaning, and is read.</param>
sealed record Defect(string Name, Action<string> Write, bool IsRefused = true);
