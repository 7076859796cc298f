using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>Who took what, and when. An item at or above the number of encoded items is a real item outside the catalogue.</summary>
/// <remarks>On disk: `user` int32, `item` int32, `day` date.</remarks>
public sealed class Interactions
{
    public static readonly TableSchema Schema = new(new("user", ColumnType.Int32), new("item", ColumnType.Int32), new("day", ColumnType.Date));

    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Interactions(int[] users, int[] items, int[] days)
    {
        if (users.Length != items.Length || users.Length != days.Length)
        {
            throw new ArgumentException($"{users.Length} users, {items.Length} items and {days.Length} days do not make interactions.");
        }

        (Users, Items, Days) = (users, items, days);
    }

    public int Count => Users.Length;

    /// <summary>Rows of the encoded users.</summary>
    public int[] Users { get; }

    public int[] Items { get; }

    /// <summary>Days since 1970-01-01.</summary>
    public int[] Days { get; }

    /// <summary>Reads those within the catalogue; the others, most of them in a large shop, are passed over and take no memory.</summary>
    /// <param name="itemCount">Number of the encoded items.</param>
    public static Interactions Read(InputFolder input, int itemCount)
    {
        var count = 0;
        ForEach(input, itemCount, (_, _, _) => count++);

        // Counted before, so that no array grows: there are millions.
        var kept = new Interactions(new int[count], new int[count], new int[count]);
        var next = 0;
        ForEach(input, itemCount, (user, item, day) =>
        {
            (kept.Users[next], kept.Items[next], kept.Days[next]) = (user, item, day);
            next++;
        });
        return kept;
    }

    public void Write(OutputFolder output)
    {
        using var writer = new TableWriter(output, Schema);
        for (var i = 0; i < Count; i++)
        {
            writer.Rows.Values<int>("user").Add(Users[i]);
            writer.Rows.Values<int>("item").Add(Items[i]);
            writer.Rows.Values<int>("day").Add(Days[i]);
            writer.EndRow();
        }

        writer.Finish();
    }

    static void ForEach(InputFolder input, int itemCount, Action<int, int, int> visit)
    {
        foreach (var rows in TableFiles.Read(input, "user", "item", "day"))
        {
            ReadOnlySpan<int> user = rows.Values<int>("user").Values, item = rows.Values<int>("item").Values, day = rows.Values<int>("day").Values;
            for (var row = 0; row < item.Length; row++)
            {
                if (item[row] < itemCount)
                {
                    visit(user[row], item[row], day[row]);
                }
            }
        }
    }
}
