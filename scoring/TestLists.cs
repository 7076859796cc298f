using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>The lists that one tower or baseline gave the test users of one seed.</summary>
/// <remarks>
/// On disk one row per entry, by test user and rank: `test_user` int32, `item` int32 (row of the encoded items), `user_id` string,
/// `rank` int32 from 1, `item_id` string, `score` float; a tower's lists have `source` too, "model" or "popularity", as the published ones have.
/// </remarks>
/// <param name="Items">By test user: rows of the encoded items, best first. Empty for a user who took the whole catalogue, where that is masked.</param>
/// <param name="Scores">As Items.</param>
/// <param name="Sources">By test user; null for the lists of a baseline. A user with no list counts as one of the model.</param>
public sealed record TestLists(int[][] Items, float[][] Scores, ListSource[]? Sources = null)
{
    /// <summary>How many lists are empty, in the manifest: no row tells of them.</summary>
    const string EmptyLists = "emptyLists";

    /// <summary>Why the model is dead, in the manifest, as <see cref="RunHealth"/> says it; not there if it lives.</summary>
    public const string DeadModel = "deadModel";

    static readonly IReadOnlyList<Column> Columns =
    [
        new("test_user", ColumnType.Int32),
        new("item", ColumnType.Int32),
        new("user_id", ColumnType.String),
        new("rank", ColumnType.Int32),
        new("item_id", ColumnType.String),
        new("score", ColumnType.Float),
    ];

    static readonly Column SourceColumn = new("source", ColumnType.String);

    /// <param name="lists">Of the test users; at least as long as what is written.</param>
    /// <param name="length">Entries to write of each list.</param>
    /// <param name="saysSource">False for the lists of a baseline, which come from nothing else.</param>
    internal static void Write(OutputFolder output, EncodedTable users, EncodedTable items, GivenLists lists, int length, bool saysSource = false)
    {
        using var writer = new TableWriter(output, new TableSchema([.. Columns, .. saysSource ? [SourceColumn] : Array.Empty<Column>()]));
        var rows = writer.Rows;
        var (chosen, scores) = (new int[lists.Length], new float[lists.Length]);
        var empty = 0;
        for (var user = 0; user < lists.Count; user++)
        {
            var entries = lists.Fill(user, chosen, scores);
            empty += entries == 0 ? 1 : 0;
            for (var i = 0; i < Math.Min(length, entries); i++)
            {
                rows.Values<int>("test_user").Add(user);
                rows.Values<int>("item").Add(chosen[i]);
                rows.Strings("user_id").Add(users.Ids[lists.Users[user]]);
                rows.Values<int>("rank").Add(i + 1);
                rows.Strings("item_id").Add(items.Ids[chosen[i]]);
                rows.Values<float>("score").Add(scores[i]);
                if (saysSource)
                {
                    rows.Strings(SourceColumn.Name).Add(UserLists.NameOf(lists.SourceOf(user)));
                }

                writer.EndRow();
            }
        }

        if (empty > 0)
        {
            output.Facts[EmptyLists] = empty;
        }

        writer.Finish();
    }

    /// <summary>About how large the lists of all test users are: an id each, which hardly shrinks, and entries.</summary>
    public static DataSize Size(DataSize test, DataSize users, long length, double bytesOfEntry)
    {
        var count = test.Count(TestUsers.CountFact) is > 0 and var known ? known : test.Rows;
        return DataSize.Of((count * (users.BytesPerRow + (length * bytesOfEntry))) + 2_000, count * length);
    }

    /// <param name="testUsers">How many there are; each must have a list but for as many as the manifest says.</param>
    /// <exception cref="PipelineException">A list is missing, or its ranks are not 1, 2, 3, ...</exception>
    public static TestLists Read(InputFolder input, int testUsers)
    {
        var saysSource = input.Manifest.Schema!.Any(column => column.Name == SourceColumn.Name);
        var rows = TableFiles.ReadAll(input, ["test_user", "item", "rank", "score", .. saysSource ? [SourceColumn.Name] : Array.Empty<string>()]);
        var sourceOf = saysSource ? rows.Strings(SourceColumn.Name) : null;
        var (userOf, itemOf, rankOf, scoreOf) = (rows.Values<int>("test_user"), rows.Values<int>("item"), rows.Values<int>("rank"), rows.Values<float>("score"));
        var items = new List<int>[testUsers];
        var scores = new List<float>[testUsers];
        var sources = new ListSource[testUsers];
        for (var user = 0; user < testUsers; user++)
        {
            (items[user], scores[user]) = ([], []);
        }

        for (var row = 0; row < rows.Count; row++)
        {
            var user = userOf[row];
            if ((uint)user >= testUsers || rankOf[row] != items[user].Count + 1)
            {
                throw ListCheck.Failed(input.Path, $"row {row} is rank {rankOf[row]} of test user {user}; expected ranks 1, 2, 3, ... of users 0 to {testUsers - 1}");
            }

            items[user].Add(itemOf[row]);
            scores[user].Add(scoreOf[row]);
            sources[user] = sourceOf is null ? ListSource.Model
                : UserLists.SourceNamed(sourceOf[row]) ?? throw ListCheck.Failed(input.Path, $"has a list of test user {user} from '{sourceOf.Text(row)}'; lists come from model or popularity");
        }

        var empty = (int?)input.Manifest.Facts[EmptyLists] ?? 0;
        return items.Count(list => list.Count == 0) is var missing && missing > empty
            ? throw ListCheck.Failed(
                input.Path,
                $"has no list for test user {Array.FindIndex(items, list => list.Count == 0)}: {missing} of {testUsers} have none, and its manifest says {empty}")
            : new TestLists([.. items.Select(list => list.ToArray())], [.. scores.Select(list => list.ToArray())], saysSource ? sources : null);
    }
}
