using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>How often each item of the catalogue was taken: with what chance a draw of a purchase meets it.</summary>
/// <remarks>On disk one row per item, in their order: `item` int32, `count` int64.</remarks>
/// <param name="counts">By item; 0 or more.</param>
public sealed class ItemFrequencies(long[] counts)
{
    static readonly TableSchema Schema = new(new("item", ColumnType.Int32), new("count", ColumnType.Int64));

    public long[] Counts { get; } = counts;

    /// <param name="items">By interaction; each 0 .. itemCount - 1.</param>
    public static ItemFrequencies Of(ReadOnlySpan<int> items, int itemCount)
    {
        var counts = new long[itemCount];
        foreach (var item in items)
        {
            counts[item]++;
        }

        return new ItemFrequencies(counts);
    }

    /// <exception cref="PipelineException">The rows are not the items in their order.</exception>
    public static ItemFrequencies Read(InputFolder input)
    {
        var rows = TableFiles.ReadAll(input, "item", "count");
        var items = rows.Values<int>("item");
        for (var row = 0; row < rows.Count; row++)
        {
            if (items[row] != row)
            {
                throw new PipelineException(ExitCode.InputMissing, $"{input.Path}: row {row} is of item {items[row]}; expected {row}. `pipeline verify` finds damaged files.");
            }
        }

        return new ItemFrequencies([.. rows.Values<long>("count").Values]);
    }

    public void Write(OutputFolder output)
    {
        using var writer = new TableWriter(output, Schema);
        for (var item = 0; item < Counts.Length; item++)
        {
            writer.Rows.Values<int>("item").Add(item);
            writer.Rows.Values<long>("count").Add(Counts[item]);
            writer.EndRow();
        }

        writer.Finish();
    }
}
