using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet;

/// <summary>The format that this process writes tables with.</summary>
/// <remarks>The one thing that is chosen per process and not passed on: which library reads a file is no part of what an artifact is, so artifacts do not carry it.</remarks>
public static class TableFormat
{
    static ITableFormat? chosen;

    public static ITableFormat Own { get; } = new OwnFormat();

    public static ITableFormat Current => chosen ?? Own;

    /// <summary>Before the first table, at the start of the process; the same one may be chosen again.</summary>
    /// <exception cref="InvalidOperationException">Another one was chosen before.</exception>
    public static void Choose(ITableFormat format)
    {
        if (Interlocked.CompareExchange(ref chosen, format, null) is { } before && before.Name != format.Name)
        {
            throw new InvalidOperationException($"Tables are written by {before.Name} already, not by {format.Name}.");
        }
    }

    sealed class OwnFormat : ITableFormat
    {
        public string Name => "own";

        public ITableReader Open(string path) => new ParquetReader(path);

        public ITableWriter Create(string path, TableSchema schema, ParquetOptions? options = null) => new ParquetWriter(path, schema, options);
    }
}
