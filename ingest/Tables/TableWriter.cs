using Pipeline.Ingest.Parquet;
using Pipeline.Stages;

namespace Pipeline.Ingest.Tables;

/// <summary>Fills a table artifact row by row: add one value to each column of <see cref="Rows"/>, then call <see cref="EndRow"/>.</summary>
/// <param name="rowsPerGroup">As many rows are held in memory, then written. At least 1.</param>
/// <param name="threads">With two or more, one group is encoded and written while the next is filled. The bytes are the same.</param>
public sealed class TableWriter(OutputFolder output, TableSchema schema, int rowsPerGroup = 1 << 16, int threads = 1) : IDisposable
{
    /// <summary>A group of rows with long texts is written before it is full: rows may have a mebibyte each.</summary>
    const long MostTextBytes = 64 << 20;

    const int RowsPerLook = 64;

    readonly ITableWriter writer = TableFormat.Current.Create(output.File(TableFiles.FirstPart), schema, new ParquetOptions { RowsPerGroup = rowsPerGroup });
    readonly RowGroup full = new(schema);
    Task writing = Task.CompletedTask;

    /// <summary>The rows that are not yet written.</summary>
    public RowGroup Rows { get; } = new(schema);

    public void EndRow()
    {
        if (Rows.Count >= rowsPerGroup || (Rows.Count % RowsPerLook == 0 && Rows.TextBytes >= MostTextBytes))
        {
            Flush();
        }
    }

    /// <summary>Writes what is left and says what the artifact holds.</summary>
    public void Finish()
    {
        Flush();
        writing.GetAwaiter().GetResult();
        writer.Finish();
        output.AddTable(TableFiles.FirstPart, schema.ToManifest(), writer.RowCount);
    }

    public void Dispose()
    {
        // What went wrong there was thrown by Flush or Finish; who disposes without them has an error of their own.
        ((IAsyncResult)writing).AsyncWaitHandle.WaitOne();
        writer.Dispose();
    }

    void Flush()
    {
        writing.GetAwaiter().GetResult();
        full.Swap(Rows);
        if (threads > 1)
        {
            writing = Task.Run(WriteFull);
        }
        else
        {
            WriteFull();
        }
    }

    void WriteFull()
    {
        writer.Write(full);
        full.Clear();
    }
}
