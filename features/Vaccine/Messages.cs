using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Vaccine;

/// <summary>All messages that a seed may draw from, as texts and as points.</summary>
/// <remarks>On disk: `id` string, `message` string, and a float column for each number of the embedding, `e000`, `e001`, ...</remarks>
public sealed class Messages
{
    /// <param name="embeddings">Made elsewhere; null for the built-in ones.</param>
    public Messages(IReadOnlyList<string> ids, IReadOnlyList<string> texts, Matrix? embeddings) =>
        (Ids, Texts, Embeddings) = (ids, texts, embeddings ?? TextEmbedding.Of(texts));

    public IReadOnlyList<string> Ids { get; }

    public IReadOnlyList<string> Texts { get; }

    public Matrix Embeddings { get; }

    public static Messages Read(InputFolder input)
    {
        var rows = TableFiles.ReadAll(input);
        var columns = rows.Columns.OfType<ColumnBuffer<float>>().ToList();
        var values = new float[rows.Count * columns.Count];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var c = 0; c < columns.Count; c++)
            {
                values[(row * columns.Count) + c] = columns[c][row];
            }
        }

        return new Messages([.. new TextColumn(rows.Strings("id"))], [.. new TextColumn(rows.Strings("message"))], new Matrix(rows.Count, columns.Count, values));
    }

    public void Write(OutputFolder output)
    {
        Column[] numbers = [.. Enumerable.Range(0, Embeddings.Columns).Select(c => new Column($"e{c:D3}", ColumnType.Float))];
        using var writer = new TableWriter(output, new TableSchema([new("id", ColumnType.String), new("message", ColumnType.String), .. numbers]));
        for (var row = 0; row < Ids.Count; row++)
        {
            writer.Rows.Strings("id").Add(Ids[row]);
            writer.Rows.Strings("message").Add(Texts[row]);
            for (var c = 0; c < numbers.Length; c++)
            {
                writer.Rows.Values<float>(numbers[c].Name).Add(Embeddings.Values[(row * numbers.Length) + c]);
            }

            writer.EndRow();
        }

        writer.Finish();
    }
}
