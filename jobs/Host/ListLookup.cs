using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Finds one user in a published list: skips groups whose statistics tell that the user is not there, and makes no string of other users' ids.</summary>
sealed class ListLookup(string folder)
{
    /// <summary>Ids that a misspelt one is compared with; more would keep the operator waiting.</summary>
    const int MostCandidates = 20_000;

    /// <returns>Null if the list has no such user.</returns>
    public FoundList? Find(string user)
    {
        var wanted = Encoding.UTF8.GetBytes(user);
        var found = new List<RankedItem>();
        string? source = null;
        foreach (var (reader, group) in Groups())
        {
            var rows = MayHold(reader.Statistics(group, "user_id"), wanted) ? Rows(reader, group, wanted) : [];
            if (rows.Count > 0)
            {
                source = Add(reader, group, rows, found);
            }
            else if (found.Count > 0)
            {
                // A user's rows follow each other.
                break;
            }
        }

        return source is null ? null : new FoundList(source, [.. found.OrderBy(item => item.Rank)]);
    }

    /// <summary>Ids of users for a hint; not all of them if there are very many.</summary>
    public IReadOnlyList<string> Candidates()
    {
        var candidates = new List<string>();
        foreach (var (reader, group) in Groups())
        {
            var users = reader.Read(group, ["user_id"]).Strings("user_id");
            for (var row = 0; row < users.Count; row++)
            {
                if (candidates.Count == MostCandidates)
                {
                    return candidates;
                }

                if (row == 0 || !users[row].SequenceEqual(users[row - 1]))
                {
                    candidates.Add(users.Text(row));
                }
            }
        }

        return candidates;
    }

    IEnumerable<(ParquetReader Reader, int Group)> Groups()
    {
        foreach (var part in ManifestFile.Read(folder).Parts.Where(part => part.Rows is not null))
        {
            using var reader = new ParquetReader(Path.Combine(folder, part.Path));
            for (var group = 0; group < reader.GroupCount; group++)
            {
                yield return (reader, group);
            }
        }
    }

    /// <summary>Text is ordered by its bytes.</summary>
    static bool MayHold(ColumnStatistics statistics, ReadOnlySpan<byte> wanted) =>
        (statistics.Min is null || wanted.SequenceCompareTo(statistics.Min) >= 0) && (statistics.Max is null || wanted.SequenceCompareTo(statistics.Max) <= 0);

    static List<int> Rows(ParquetReader reader, int group, byte[] wanted)
    {
        var users = reader.Read(group, ["user_id"]).Strings("user_id");
        var rows = new List<int>();
        for (var row = 0; row < users.Count; row++)
        {
            if (users[row].SequenceEqual(wanted))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <returns>Where the list comes from.</returns>
    static string Add(ParquetReader reader, int group, List<int> rows, List<RankedItem> found)
    {
        var columns = reader.Read(group, ["rank", "item_id", "score", "source"]);
        var (ranks, items, scores) = (columns.Values<int>("rank"), columns.Strings("item_id"), columns.Values<float>("score"));
        found.AddRange(rows.Select(row => new RankedItem(ranks[row], items.Text(row), scores[row])));
        return columns.Strings("source").Text(rows[0]);
    }
}

/// <param name="Source">"model" or "popularity".</param>
/// <param name="Items">By rank.</param>
sealed record FoundList(string Source, IReadOnlyList<RankedItem> Items);

/// <param name="Rank">From 1, best first.</param>
sealed record RankedItem(int Rank, string Item, float Score);
