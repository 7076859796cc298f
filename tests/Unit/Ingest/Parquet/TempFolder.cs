namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>A folder for the files of one test; gone afterwards.</summary>
sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("parquet-").FullName;

    public string File(string name = "table.parquet") => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
