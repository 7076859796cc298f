using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Finds one user in a published list without reading more of the others than their ids.</summary>
sealed class ListLookup(string folder)
{
    /// <summary>Ids that a misspelt one is compared with; more would keep the operator waiting.</summary>
    const int MostCandidates = 20_000;

    readonly List<string> candidates = [];

    /// <summary>The ids of users that came by, for a hint; not all of them if there are very many.</summary>
    public IReadOnlyList<string> Candidates => candidates;

    /// <summary>The user's items by rank; empty if the list has no such user.</summary>
    public IReadOnlyList<RankedItem> Find(string user)
    {
        var wanted = Encoding.UTF8.GetBytes(user);
        var found = new List<RankedItem>();
        foreach (var part in ManifestFile.Read(folder).Parts.Where(part => part.Rows is not null))
        {
            using var reader = new ParquetReader(Path.Combine(folder, part.Path));
            for (var group = 0; group < reader.GroupCount; group++)
            {
                Find(reader, group, wanted, found);
            }
        }

        return [.. found.OrderBy(item => item.Rank)];
    }

    void Find(ParquetReader reader, int group, byte[] wanted, List<RankedItem> found)
    {
        var users = reader.Read(group, ["user_id"]).Strings("user_id");
        var rows = new List<int>();
        for (var row = 0; row < users.Count; row++)
        {
            if (users[row].SequenceEqual(wanted))
            {
                rows.Add(row);
            }
            else if (candidates.Count < MostCandidates && (row == 0 || !users[row].SequenceEqual(users[row - 1])))
            {
                candidates.Add(users.Text(row));
            }
        }

        if (rows.Count == 0)
        {
            return;
        }

        var columns = reader.Read(group, ["rank", "item_id", "score"]);
        var (ranks, items, scores) = (columns.Values<int>("rank"), columns.Strings("item_id"), columns.Values<float>("score"));
        found.AddRange(rows.Select(row => new RankedItem(ranks[row], items.Text(row), scores[row])));
    }
}

/// <param name="Rank">From 1, best first.</param>
sealed record RankedItem(int Rank, string Item, float Score);
