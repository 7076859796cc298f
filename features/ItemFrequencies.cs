using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>How often each item occurs among the training pairs: what a loss with negatives from the batch corrects by.</summary>
/// <remarks>On disk one row per item, in the order of the encoded items: `item` int32, `count` int64.</remarks>
public sealed class ItemFrequencies
{
    static readonly TableSchema Schema = new(new("item", ColumnType.Int32), new("count", ColumnType.Int64));

    /// <exception cref="ArgumentException">A count is negative, or none is above 0.</exception>
    public ItemFrequencies(long[] counts)
    {
        if (Array.FindIndex(counts, count => count < 0) is var wrong and >= 0)
        {
            throw new ArgumentException($"Item {wrong} is counted {counts[wrong]} times.");
        }

        (Counts, Total) = (counts, counts.Sum());
        if (Total == 0)
        {
            throw new ArgumentException("No item is counted.");
        }
    }

    /// <summary>Per row of the encoded items.</summary>
    public long[] Counts { get; }

    /// <summary>Of all counts; at least 1.</summary>
    public long Total { get; }

    /// <param name="items">Rows of the encoded items.</param>
    /// <param name="itemCount">Number of the encoded items.</param>
    public static ItemFrequencies Of(ReadOnlySpan<int> items, int itemCount)
    {
        var counts = new long[itemCount];
        foreach (var item in items)
        {
            counts[item]++;
        }

        return new ItemFrequencies(counts);
    }

    /// <exception cref="PipelineException">The rows are not every item once, in order, with counts.</exception>
    public static ItemFrequencies Read(InputFolder input)
    {
        var rows = TableFiles.ReadAll(input, "item", "count");
        var items = rows.Values<int>("item").Values;
        for (var row = 0; row < items.Length; row++)
        {
            if (items[row] != row)
            {
                throw new PipelineException(
                    ExitCode.InputMissing, $"{input.Path}: row {row} is of item {items[row]}; expected item {row}. `pipeline verify` finds damaged files.");
            }
        }

        try
        {
            return new ItemFrequencies([.. rows.Values<long>("count").Values]);
        }
        catch (ArgumentException cause)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"{input.Path} does not hold frequencies of items: {cause.Message} `pipeline verify` finds damaged files.", cause);
        }
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
