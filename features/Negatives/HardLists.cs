using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>Reads the lists that an earlier model gave: a generation of published lists, with the columns `user_id` and `item_id`.</summary>
static class HardLists
{
    static readonly Artifact Earlier = new("lists of an earlier model", "4-topk");

    /// <param name="folder">Of one generation, manifest and all.</param>
    /// <param name="wanted">Rows of the users whose lists are read; the others are passed over and take no memory.</param>
    /// <returns>By user: rows of the items, best first; users without a list are absent, and so are items that there are no more.</returns>
    /// <exception cref="PipelineException">The folder holds no such lists (InputMissing), or those of none of the users (CheckFailed).</exception>
    public static Dictionary<int, int[]> Read(string folder, EncodedTable users, EncodedTable items, IEnumerable<int> wanted)
    {
        var input = new InputFolder(Earlier, null, folder, ManifestFile.Read(folder));
        int[] chosen = [.. wanted.Distinct()];
        var (userIds, itemIds) = (Index(users, chosen), Index(items, Enumerable.Range(0, items.Count)));
        var lists = new Dictionary<int, List<int>>();
        foreach (var rows in TableFiles.Read(input, "user_id", "item_id"))
        {
            var (userOf, itemOf) = (rows.Strings("user_id"), rows.Strings("item_id"));
            for (var row = 0; row < rows.Count; row++)
            {
                var user = userIds.Find(userOf[row]);
                var item = user < 0 ? -1 : itemIds.Find(itemOf[row]);
                if (item >= 0)
                {
                    if (!lists.TryGetValue(chosen[user], out var list))
                    {
                        lists.Add(chosen[user], list = []);
                    }

                    list.Add(item);
                }
            }
        }

        return lists.Count > 0
            ? lists.ToDictionary(list => list.Key, list => list.Value.ToArray())
            : throw new PipelineException(
                ExitCode.CheckFailed,
                $"{folder} has no list of any of the {chosen.Length:N0} users with purchases, or none with an item of this catalogue. Name lists of this dataset in negatives.hard.lists.");
    }

    static TextDictionary Index(EncodedTable table, IEnumerable<int> rows)
    {
        var index = new TextDictionary(new Column("id", ColumnType.String));
        foreach (var row in rows)
        {
            index.Add(table.Ids.Utf8(row));
        }

        return index;
    }
}
