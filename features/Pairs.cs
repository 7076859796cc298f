using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>Labelled (user, item) pairs in the order in which a model sees them.</summary>
/// <remarks>On disk: `user`, `item`, `label`, all int32.</remarks>
public sealed class Pairs
{
    static readonly TableSchema Schema = new(new("user", ColumnType.Int32), new("item", ColumnType.Int32), new("label", ColumnType.Int32));

    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Pairs(int[] users, int[] items, int[] labels)
    {
        if (users.Length != items.Length || users.Length != labels.Length)
        {
            throw new ArgumentException($"{users.Length} users, {items.Length} items and {labels.Length} labels do not make pairs.");
        }

        (Users, Items, Labels) = (users, items, labels);
    }

    public int Count => Users.Length;

    /// <summary>Rows of the encoded users.</summary>
    public int[] Users { get; }

    /// <summary>Rows of the encoded items.</summary>
    public int[] Items { get; }

    /// <summary>What the data say: 1 liked or taken, 0 neither, -1 disliked (only where the data know it).</summary>
    public int[] Labels { get; }

    /// <summary>About how large so many pairs are: each number takes as many bits as it needs, and a user once more in the list of those who occur.</summary>
    public static DataSize Size(long count, DataSize users, DataSize items)
    {
        static double Bits(double values) => Math.Ceiling(Math.Log2(Math.Max(2, values)));

        var listed = 4.0 * Math.Min(count, users.Rows);
        var user = Math.Min(4.0 * count, (Bits(Math.Min(count, users.Rows)) / 8 * count) + listed);
        return DataSize.Of(1.15 * (user + ((Bits(items.Rows) + 2) / 8 * count)) + 1_000, count);
    }

    public static Pairs Read(InputFolder input)
    {
        var rows = TableFiles.ReadAll(input);
        return new Pairs([.. rows.Values<int>("user").Values], [.. rows.Values<int>("item").Values], [.. rows.Values<int>("label").Values]);
    }

    public void Write(OutputFolder output)
    {
        using var writer = new TableWriter(output, Schema);
        for (var i = 0; i < Count; i++)
        {
            writer.Rows.Values<int>("user").Add(Users[i]);
            writer.Rows.Values<int>("item").Add(Items[i]);
            writer.Rows.Values<int>("label").Add(Labels[i]);
            writer.EndRow();
        }

        writer.Finish();
    }
}
