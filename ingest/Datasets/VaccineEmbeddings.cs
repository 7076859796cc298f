using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Embeddings of the messages made elsewhere: a row per message, in the order of the messages.</summary>
/// <remarks>Read from a NumPy file [messages, width], or from a Parquet file whose float or double columns are the numbers of a row. Kept as embeddings.npy beside the messages.</remarks>
public static class VaccineEmbeddings
{
    const string FileName = "embeddings.npy";

    /// <summary>Copies them to the table of messages, if there are any.</summary>
    /// <exception cref="PipelineException">There are two files of them, or one that is damaged or has not a row for every message.</exception>
    internal static void Copy(string folder, int messages, OutputFolder output)
    {
        string npy = Path.Combine(folder, VaccineFiles.NpyEmbeddings), parquet = Path.Combine(folder, VaccineFiles.ParquetEmbeddings);
        if (File.Exists(npy) && File.Exists(parquet))
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"{folder} holds both {VaccineFiles.NpyEmbeddings} and {VaccineFiles.ParquetEmbeddings}; expected one of them. Remove the other.");
        }

        if (!File.Exists(npy) && !File.Exists(parquet))
        {
            return;
        }

        var (path, read) = File.Exists(npy) ? (npy, NpyFile.Read(npy)) : (parquet, ReadParquet(parquet));
        if (read.Rows != messages)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} has {read.Rows} rows; expected {messages}, one for each message of {VaccineFiles.Messages}.");
        }

        NpyFile.Write(output.File(FileName), read);
        output.Facts["embeddingWidth"] = read.Columns;
    }

    /// <returns>Null if the messages came without.</returns>
    public static Matrix? Find(InputFolder messages) => File.Exists(messages.File(FileName)) ? NpyFile.Read(messages.File(FileName)) : null;

    static Matrix ReadParquet(string path)
    {
        using var reader = new ParquetReader(path);
        string[] columns =
            [.. reader.Schema.Columns.Where(column => column.Type is ColumnType.Float or ColumnType.Double).Select(column => column.Name)];
        if (columns.Length == 0)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} has no column of floats or doubles; expected one for each number of an embedding.");
        }

        var values = new float[checked((int)reader.RowCount * columns.Length)];
        var first = 0;
        for (var group = 0; group < reader.GroupCount; group++)
        {
            var rows = reader.Read(group, columns);
            for (var c = 0; c < columns.Length; c++)
            {
                for (var row = 0; row < rows.Count; row++)
                {
                    values[((first + row) * columns.Length) + c] =
                        rows.Columns[c] is ColumnBuffer<float> floats ? floats[row] : (float)((ColumnBuffer<double>)rows.Columns[c])[row];
                }
            }

            first += rows.Count;
        }

        return new Matrix(first, columns.Length, values);
    }
}
