using System.Text;
using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Goes through published lists user by user, and makes no object for any of them: memory does not grow with their number.</summary>
/// <example><code>while (lists.Next()) { use lists.User, lists.Items, lists.Scores, lists.Source }</code></example>
/// <param name="items">The table that the ids of items are looked up in.</param>
public sealed class UserListReader(InputFolder input, EncodedTable items) : IDisposable
{
    readonly ItemRows rowOf = new(items.Ids);
    readonly IEnumerator<RowGroup> groups = TableFiles.Read(input).GetEnumerator();
    Columns columns;
    int row, userLength, count;
    byte[] user = new byte[64];
    int[] chosen = new int[16];
    float[] scores = new float[16];

    /// <summary>Id of the user, UTF-8. As <see cref="Items"/> and <see cref="Scores"/> valid until the next list.</summary>
    public ReadOnlySpan<byte> User => user.AsSpan(0, userLength);

    /// <summary>For messages; makes a string.</summary>
    public string UserText => Encoding.UTF8.GetString(User);

    /// <summary>Rows of the encoded items, best first; at least one.</summary>
    public ReadOnlySpan<int> Items => chosen.AsSpan(0, count);

    public ReadOnlySpan<float> Scores => scores.AsSpan(0, count);

    public ListSource Source { get; private set; }

    /// <summary>Reads the next list: rows that follow each other and are of one user.</summary>
    /// <returns>False if there is no more.</returns>
    /// <exception cref="PipelineException">
    /// Ranks are not 1, 2, 3, ..., an item does not exist, or a list has no source or two; or the table is missing or damaged.
    /// </exception>
    public bool Next()
    {
        count = 0;
        while (HasRow() && (count == 0 || User.SequenceEqual(columns.Users[row])))
        {
            if (count == 0)
            {
                Begin();
            }

            AddRow();
            row++;
        }

        return count > 0;
    }

    public void Dispose() => groups.Dispose();

    /// <summary>Goes on to the group that holds the next row.</summary>
    bool HasRow()
    {
        while (row == columns.Count)
        {
            if (!groups.MoveNext())
            {
                return false;
            }

            (columns, row) = (new Columns(groups.Current), 0);
        }

        return true;
    }

    void Begin()
    {
        var id = columns.Users[row];
        if (user.Length < id.Length)
        {
            user = new byte[id.Length * 2];
        }

        id.CopyTo(user);
        userLength = id.Length;
        Source = UserLists.SourceNamed(columns.Sources[row])
            ?? throw ListCheck.Failed(input.Path, $"has a list of user '{UserText}' from '{columns.Sources.Text(row)}'; lists come from model or popularity");
    }

    void AddRow()
    {
        if (columns.Ranks[row] != count + 1)
        {
            throw ListCheck.Failed(input.Path, $"has rank {columns.Ranks[row]} of user '{UserText}' where rank {count + 1} was expected");
        }

        if (!columns.Sources[row].SequenceEqual(UserLists.NameOf(Source)))
        {
            throw ListCheck.Failed(input.Path, $"has a list of user '{UserText}' from two sources; rank {count + 1} is from '{columns.Sources.Text(row)}'");
        }

        if (count == chosen.Length)
        {
            Array.Resize(ref chosen, count * 2);
            Array.Resize(ref scores, count * 2);
        }

        if (!rowOf.TryFind(columns.Items[row], out chosen[count]))
        {
            throw ListCheck.Failed(input.Path, $"recommends item '{columns.Items.Text(row)}', which does not exist");
        }

        scores[count++] = columns.Scores[row];
    }

    /// <summary>A group's columns, found by name once.</summary>
    readonly struct Columns(RowGroup rows)
    {
        public readonly int Count = rows.Count;
        public readonly StringBuffer Users = rows.Strings("user_id"), Items = rows.Strings("item_id"), Sources = rows.Strings("source");
        public readonly ColumnBuffer<int> Ranks = rows.Values<int>("rank");
        public readonly ColumnBuffer<float> Scores = rows.Values<float>("score");
    }
}
