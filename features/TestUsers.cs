using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>Those whom a report counts: users and the items that a good list would show them.</summary>
/// <remarks>
/// On disk one row per test user and relevant item, in that order: `test_user` int32, `user` int32, `user_id` string, `item` int32 and
/// `item_id` string, both null in the only row of a test user without a relevant item; and `elsewhere` int32 where some user has any.
/// </remarks>
public sealed class TestUsers
{
    /// <summary>How many there are, among the facts: a user may take several rows.</summary>
    public const string CountFact = "testUsers";

    static readonly IReadOnlyList<Column> Columns =
    [
        new("test_user", ColumnType.Int32),
        new("user", ColumnType.Int32),
        new("user_id", ColumnType.String),
        new("item", ColumnType.Int32, IsOptional: true),
        new("item_id", ColumnType.String, IsOptional: true),
    ];

    static readonly Column ElsewhereColumn = new("elsewhere", ColumnType.Int32);

    /// <exception cref="ArgumentException">The lengths differ, or relevant items are not ascending.</exception>
    /// <param name="elsewhere">As <see cref="Elsewhere"/>; nobody has any if it is left out.</param>
    public TestUsers(int[] users, int[][] relevant, int[]? elsewhere = null)
    {
        if (users.Length != relevant.Length || users.Length != (elsewhere ?? users).Length)
        {
            throw new ArgumentException($"{users.Length} users and {relevant.Length} lists of relevant items do not belong together.");
        }

        for (var t = 0; t < relevant.Length; t++)
        {
            if (relevant[t].Zip(relevant[t].Skip(1)).Any(pair => pair.First >= pair.Second))
            {
                throw new ArgumentException($"The relevant items of test user {t} are not ascending.");
            }
        }

        (Users, Relevant, Elsewhere) = (users, relevant, elsewhere ?? new int[users.Length]);
    }

    public int Count => Users.Length;

    /// <summary>Row of the encoded users per test user. One user may be drawn several times.</summary>
    public int[] Users { get; }

    /// <summary>Per test user the rows of the relevant items, ascending; may be empty.</summary>
    public int[][] Relevant { get; }

    /// <summary>Per test user how many more items are relevant that no list can hold, since they are outside the catalogue.</summary>
    public int[] Elsewhere { get; }

    /// <summary>About how large so many test users are, with a dozen relevant items each.</summary>
    public static DataSize Size(double count, DataSize users) =>
        DataSize.Of((count * (users.BytesPerRow + 30)) + 4_000, count) with { Counts = new Dictionary<string, long> { [CountFact] = (long)count } };

    /// <exception cref="PipelineException">The rows are not in the order in which they were written.</exception>
    public static TestUsers Read(InputFolder input)
    {
        var rows = TableFiles.ReadAll(input);
        var more = rows.Schema.IndexOf(ElsewhereColumn.Name) >= 0 ? rows.Values<int>(ElsewhereColumn.Name) : null;
        var (testUsers, userOf, items) = (rows.Values<int>("test_user"), rows.Values<int>("user"), rows.Values<int>("item"));
        List<int> users = [], elsewhere = [];
        List<List<int>> relevant = [];
        for (var row = 0; row < rows.Count; row++)
        {
            if (testUsers[row] == users.Count)
            {
                users.Add(userOf[row]);
                elsewhere.Add(more?[row] ?? 0);
                relevant.Add([]);
            }
            else if (testUsers[row] != users.Count - 1)
            {
                throw new PipelineException(
                    ExitCode.InputMissing,
                    $"{input.Path}: row {row} is of test user {testUsers[row]}; expected {users.Count - 1} or {users.Count}. `pipeline verify` finds damaged files.");
            }

            if (!items.IsNull(row))
            {
                relevant[^1].Add(items[row]);
            }
        }

        return new TestUsers([.. users], [.. relevant.Select(list => list.ToArray())], [.. elsewhere]);
    }

    /// <param name="users">The table that <see cref="Users"/> points into.</param>
    /// <param name="items">The table that <see cref="Relevant"/> points into.</param>
    public void Write(OutputFolder output, EncodedTable users, EncodedTable items)
    {
        using var writer = new TableWriter(output, new TableSchema([.. Columns, .. HasElsewhere ? [ElsewhereColumn] : Array.Empty<Column>()]));
        for (var t = 0; t < Count; t++)
        {
            foreach (var item in Relevant[t])
            {
                AddUser(writer, t, users);
                writer.Rows.Values<int>("item").Add(item);
                writer.Rows.Strings("item_id").Add(items.Ids[item]);
                writer.EndRow();
            }

            if (Relevant[t].Length == 0)
            {
                AddUser(writer, t, users);
                writer.Rows.Values<int>("item").AddNull();
                writer.Rows.Strings("item_id").AddNull();
                writer.EndRow();
            }
        }

        writer.Finish();
    }

    bool HasElsewhere => Array.Exists(Elsewhere, count => count > 0);

    void AddUser(TableWriter writer, int testUser, EncodedTable users)
    {
        writer.Rows.Values<int>("test_user").Add(testUser);
        writer.Rows.Values<int>("user").Add(Users[testUser]);
        writer.Rows.Strings("user_id").Add(users.Ids.Utf8(Users[testUser]));
        if (writer.Rows.Schema.IndexOf(ElsewhereColumn.Name) >= 0)
        {
            writer.Rows.Values<int>(ElsewhereColumn.Name).Add(Elsewhere[testUser]);
        }
    }
}
