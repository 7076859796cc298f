using Pipeline.Ingest.Parquet;
using Pipeline.Stages;

namespace Pipeline.Ingest.Tables;

/// <summary>Fills a table artifact row by row: add one value to each column of <see cref="Rows"/>, then call <see cref="EndRow"/>.</summary>
/// <param name="rowsPerGroup">As many rows are held in memory, then written. At least 1.</param>
public sealed class TableWriter(OutputFolder output, TableSchema schema, int rowsPerGroup = 1 << 16) : IDisposable
{
    readonly ParquetWriter writer = new(output.File(TableFiles.FirstPart), schema, new ParquetOptions { RowsPerGroup = rowsPerGroup });

    /// <summary>The rows that are not yet written.</summary>
    public RowGroup Rows { get; } = new(schema);

    public void EndRow()
    {
        if (Rows.Count >= rowsPerGroup)
        {
            Flush();
        }
    }

    /// <summary>Writes what is left and says what the artifact holds.</summary>
    public void Finish()
    {
        Flush();
        writer.Finish();
        output.AddTable(TableFiles.FirstPart, schema.ToManifest(), writer.RowCount);
    }

    public void Dispose() => writer.Dispose();

    void Flush()
    {
        writer.Write(Rows);
        Rows.Clear();
    }
}
