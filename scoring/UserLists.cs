using System.Globalization;
using Pipeline.Features;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>The list of one user as others read it.</summary>
/// <param name="Items">Ids, best first.</param>
public sealed record UserList(string User, IReadOnlyList<string> Items, IReadOnlyList<float> Scores);

/// <summary>The published lists: `user_id` string, `rank` int32 from 1, `item_id` string, `score` float; by user and rank, in parts by ranges of users.</summary>
public static class UserLists
{
    const int RowsPerGroup = 1 << 16;

    static readonly TableSchema Schema = new(
        new("user_id", ColumnType.String),
        new("rank", ColumnType.Int32),
        new("item_id", ColumnType.String),
        new("score", ColumnType.Float));

    /// <param name="start">First user of the part, a row of the encoded users.</param>
    /// <param name="listOf">By user: the list that this user gets.</param>
    internal static void WritePart(
        OutputFolder output, int part, EncodedTable users, int start, int count, EncodedTable items, TopLists lists, int[] listOf)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"part-{part:D5}.parquet");
        using var writer = new ParquetWriter(output.File(name), Schema);
        var rows = new RowGroup(Schema);
        for (var user = start; user < start + count; user++)
        {
            AddUser(rows, users.Ids[user], items, lists, listOf[user]);
            if (rows.Count >= RowsPerGroup)
            {
                writer.Write(rows);
                rows.Clear();
            }
        }

        if (rows.Count > 0)
        {
            writer.Write(rows);
        }

        writer.Finish();
        output.AddTable(name, Schema.ToManifest(), writer.RowCount);
    }

    /// <summary>Reads user by user, so that memory does not grow with their number.</summary>
    /// <exception cref="PipelineException">A user's ranks are not 1, 2, 3, ..., or a user occurs again later.</exception>
    public static IEnumerable<UserList> Read(InputFolder input)
    {
        string? user = null;
        List<string> items = [];
        List<float> scores = [];
        foreach (var rows in TableFiles.Read(input))
        {
            for (var row = 0; row < rows.Count; row++)
            {
                var next = rows.Strings("user_id").Text(row);
                if (next != user)
                {
                    if (user is not null)
                    {
                        yield return new UserList(user, items, scores);
                    }

                    (user, items, scores) = (next, [], []);
                }

                var rank = rows.Values<int>("rank")[row];
                if (rank != items.Count + 1)
                {
                    throw ListCheck.Failed(input.Path, $"has rank {rank} of user '{user}' where rank {items.Count + 1} was expected");
                }

                items.Add(rows.Strings("item_id").Text(row));
                scores.Add(rows.Values<float>("score")[row]);
            }
        }

        if (user is not null)
        {
            yield return new UserList(user, items, scores);
        }
    }

    static void AddUser(RowGroup rows, string user, EncodedTable items, TopLists lists, int list)
    {
        var chosen = lists.Items(list);
        var scores = lists.Scores(list);
        for (var i = 0; i < chosen.Length; i++)
        {
            rows.Strings("user_id").Add(user);
            rows.Values<int>("rank").Add(i + 1);
            rows.Strings("item_id").Add(items.Ids[chosen[i]]);
            rows.Values<float>("score").Add(scores[i]);
        }
    }
}
