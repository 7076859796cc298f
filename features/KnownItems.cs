using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>Which items of the catalogue each user is known to have taken, and how often each item was taken: as much of the interactions as lists need.</summary>
/// <remarks>Made in two passes over the table, so that little but the result is ever in memory: 4 bytes per user and per interaction within the catalogue.</remarks>
public sealed class KnownItems
{
    readonly int[] starts, items;

    KnownItems(int[] starts, int[] items, long[] timesTaken)
    {
        (this.starts, this.items, TimesTaken) = (starts, items, timesTaken);
        for (var user = 0; user < starts.Length - 1; user++)
        {
            Most = Math.Max(Most, Of(user).Length);
        }
    }

    /// <summary>The most items that one user is known to have taken.</summary>
    public int Most { get; }

    /// <summary>By item: interactions of all users, repeats included.</summary>
    public IReadOnlyList<long> TimesTaken { get; }

    /// <param name="input">An <see cref="Interactions"/> table.</param>
    /// <param name="userCount">Number of the encoded users.</param>
    /// <param name="itemCount">Number of the encoded items; what lies outside the catalogue is passed over.</param>
    /// <exception cref="PipelineException">A user is not among the encoded users.</exception>
    public static KnownItems Read(InputFolder input, int userCount, int itemCount)
    {
        var (starts, timesTaken) = (new int[userCount + 1], new long[itemCount]);
        ForEach(input, itemCount, (user, item) =>
        {
            if ((uint)user >= (uint)userCount)
            {
                throw new PipelineException(
                    ExitCode.InputMissing, $"{input.Path} names user {user} of {userCount}. `pipeline verify` finds damaged files; `pipeline run --force` makes them anew.");
            }

            starts[user + 1]++;
            timesTaken[item]++;
        });
        for (var user = 0; user < userCount; user++)
        {
            starts[user + 1] += starts[user];
        }

        var items = new int[starts[userCount]];
        var next = starts.AsSpan(0, userCount).ToArray();
        ForEach(input, itemCount, (user, item) => items[next[user]++] = item);
        return new KnownItems(starts, items[..KeepDistinct(starts, items)], timesTaken);
    }

    /// <summary>How often each item of the catalogue was taken, where nobody asks by whom: one pass over one column.</summary>
    /// <param name="input">An <see cref="Interactions"/> table.</param>
    public static long[] CountTaken(InputFolder input, int itemCount)
    {
        var taken = new long[itemCount];
        foreach (var rows in TableFiles.Read(input, "item"))
        {
            foreach (var item in rows.Values<int>("item").Values)
            {
                if (item < itemCount)
                {
                    taken[item]++;
                }
            }
        }

        return taken;
    }

    /// <summary>The items of a user, ascending, each once.</summary>
    public ReadOnlySpan<int> Of(int user) => items.AsSpan(starts[user], starts[user + 1] - starts[user]);

    /// <summary>Moves the items of all users together, each user's ascending and once.</summary>
    /// <returns>How many are left.</returns>
    static int KeepDistinct(int[] starts, int[] items)
    {
        var (start, end) = (0, 0);
        for (var user = 0; user < starts.Length - 1; user++)
        {
            var count = starts[user + 1] - start;
            (start, end) = (starts[user + 1], History.AddDistinct(items.AsSpan(start, count), items, end));
            starts[user + 1] = end;
        }

        return end;
    }

    static void ForEach(InputFolder input, int itemCount, Action<int, int> visit)
    {
        foreach (var rows in TableFiles.Read(input, "user", "item"))
        {
            ReadOnlySpan<int> users = rows.Values<int>("user").Values, items = rows.Values<int>("item").Values;
            for (var row = 0; row < items.Length; row++)
            {
                if (items[row] < itemCount)
                {
                    visit(users[row], items[row]);
                }
            }
        }
    }
}
