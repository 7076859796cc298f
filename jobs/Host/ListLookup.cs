using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Finds one user in a published list, and makes no string of other users' ids.</summary>
sealed class ListLookup(string folder)
{
    const string UserId = "user_id";

    /// <summary>Ids that a misspelt one is compared with; more would keep the operator waiting.</summary>
    const int MostCandidates = 20_000;

    /// <summary>Letters that are compared at most, as pairs of one id's with another's.</summary>
    const int MostPairs = 4_000_000;

    readonly TableSearch search = new(folder);

    /// <returns>Null if the list has no such user.</returns>
    /// <exception cref="PipelineException">A part that had to be read is missing or damaged.</exception>
    public FoundList? Find(string user)
    {
        var found = search.Find(TableKey.Text(UserId, user), ["rank", "item_id", "score", "source"]);
        return found.Count == 0
            ? null
            : new FoundList(found[0].Group.Strings("source").Text(found[0].At[0]), [.. found.SelectMany(Items).OrderBy(item => item.Rank)]);
    }

    /// <summary>Ids of users for a hint; not all of them if there are very many.</summary>
    /// <param name="most">As many are enough.</param>
    public IReadOnlyList<string> Candidates(int most = MostCandidates) => Candidates(most, _ => true);

    /// <summary>Ids that may have been meant, nearest first, in a moment however many users there are: where they are many, those whose beginnings are alike.</summary>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<string> Nearest(string user, int count)
    {
        var most = Math.Clamp(MostPairs / ((user.Length + 1) * (user.Length + 1)), count, MostCandidates);
        var key = TableKey.Text(UserId, user);
        var around = Candidates(MostCandidates, key.MayHold);
        var candidates = around.Count > 0 ? around : Candidates();
        return NearestNames.Of(user, candidates.OrderByDescending(candidate => CommonStart(user, candidate)).Take(most), count);
    }

    List<string> Candidates(int most, Func<ColumnStatistics, bool> isWanted)
    {
        var candidates = new List<string>();
        foreach (var part in search.Parts)
        {
            using var reader = new ParquetReader(part);
            for (var group = 0; group < reader.GroupCount; group++)
            {
                if (isWanted(reader.Statistics(group, UserId)) && Add(reader.Read(group, [UserId]).Strings(UserId), most, candidates))
                {
                    return candidates;
                }
            }
        }

        return candidates;
    }

    /// <returns>True if there are enough.</returns>
    static bool Add(StringBuffer users, int most, List<string> candidates)
    {
        for (var row = 0; row < users.Count && candidates.Count < most; row++)
        {
            if (row == 0 || !users[row].SequenceEqual(users[row - 1]))
            {
                candidates.Add(users.Text(row));
            }
        }

        return candidates.Count == most;
    }

    static int CommonStart(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    static IEnumerable<RankedItem> Items(FoundRows found)
    {
        var (ranks, items, scores) = (found.Group.Values<int>("rank"), found.Group.Strings("item_id"), found.Group.Values<float>("score"));
        return found.At.Select(row => new RankedItem(ranks[row], items.Text(row), scores[row]));
    }
}

/// <param name="Source">"model" or "popularity".</param>
/// <param name="Items">By rank.</param>
sealed record FoundList(string Source, IReadOnlyList<RankedItem> Items);

/// <param name="Rank">From 1, best first.</param>
sealed record RankedItem(int Rank, string Item, float Score);
