using System.Runtime.ExceptionServices;
using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Finds one user in a published list: skips groups whose statistics tell that the user is not there, and makes no string of other users' ids.</summary>
sealed class ListLookup(string folder)
{
    const string UserId = "user_id";

    /// <summary>Ids that a misspelt one is compared with; more would keep the operator waiting.</summary>
    const int MostCandidates = 20_000;

    /// <summary>A user's list lies in one part; parts are looked through at the same time.</summary>
    /// <returns>Null if the list has no such user.</returns>
    /// <exception cref="PipelineException">A part that had to be read is missing or damaged.</exception>
    public FoundList? Find(string user)
    {
        var wanted = Encoding.UTF8.GetBytes(user);
        try
        {
            return Parts().AsParallel().Select(part => Find(part, wanted)).FirstOrDefault(found => found is not null);
        }
        catch (AggregateException error)
        {
            // One damaged part is as good a reason as several.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>Ids of users for a hint; not all of them if there are very many.</summary>
    /// <param name="most">As many are enough.</param>
    public IReadOnlyList<string> Candidates(int most = MostCandidates)
    {
        var candidates = new List<string>();
        foreach (var part in Parts())
        {
            using var reader = new ParquetReader(part);
            for (var group = 0; group < reader.GroupCount; group++)
            {
                var users = reader.Read(group, [UserId]).Strings(UserId);
                for (var row = 0; row < users.Count; row++)
                {
                    if (candidates.Count == most)
                    {
                        return candidates;
                    }

                    if (row == 0 || !users[row].SequenceEqual(users[row - 1]))
                    {
                        candidates.Add(users.Text(row));
                    }
                }
            }
        }

        return candidates;
    }

    IEnumerable<string> Parts() => ManifestFile.Read(folder).Parts.Where(part => part.Rows is not null).Select(part => PartFile.Of(folder, part.Path));

    static FoundList? Find(string part, byte[] wanted)
    {
        using var reader = new ParquetReader(part);
        var ids = new RowGroup(reader.Select([UserId]));
        var found = new List<RankedItem>();
        string? source = null;
        for (var group = 0; group < reader.GroupCount; group++)
        {
            var rows = MayHold(reader.Statistics(group, UserId), wanted) ? Rows(reader, group, ids, wanted) : [];
            if (rows.Count > 0)
            {
                source = Add(reader, group, rows, found);
            }
            else if (source is not null)
            {
                // A user's rows follow each other.
                break;
            }
        }

        return source is null ? null : new FoundList(source, [.. found.OrderBy(item => item.Rank)]);
    }

    /// <summary>Text is ordered by its bytes.</summary>
    static bool MayHold(ColumnStatistics statistics, ReadOnlySpan<byte> wanted) =>
        (statistics.Min is null || wanted.SequenceCompareTo(statistics.Min) >= 0) && (statistics.Max is null || wanted.SequenceCompareTo(statistics.Max) <= 0);

    static List<int> Rows(ParquetReader reader, int group, RowGroup ids, byte[] wanted)
    {
        ids.Clear();
        reader.ReadInto(ids, group);
        var users = ids.Strings(UserId);
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
