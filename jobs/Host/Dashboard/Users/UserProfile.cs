using Pipeline.Features;
using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Users;

/// <summary>What the encoded tables know of a user.</summary>
/// <param name="Row">Of the encoded users, from 0; what interactions name the user by.</param>
/// <param name="Features">Name and value, in the order of the columns.</param>
sealed record UserProfile(int Row, IReadOnlyList<(string Name, string Value)> Features)
{
    /// <summary>Null if there is no such user, or no table of users.</summary>
    /// <exception cref="PipelineException">The table is damaged.</exception>
    public static UserProfile? Find(DataRoot data, string dataset, string user)
    {
        if (data.CurrentFolder(dataset, FeatureArtifacts.Users) is not { } folder)
        {
            return null;
        }

        var columns = (ManifestFile.Read(folder).Schema ?? []).Select(column => column.Name).ToList();
        var found = new TableSearch(folder).Find(TableKey.Text("id", user), columns);
        return found.Count == 0 ? null : new UserProfile((int)(found[0].First + found[0].At[0]), [.. found[0].Group.Columns.Select(column => Feature(column, found[0].At[0]))]);
    }

    /// <summary>What the user took, as far as training may know it; else what the training pairs say that the user likes.</summary>
    /// <exception cref="PipelineException">The table is damaged.</exception>
    public TakenItems? Taken(DataRoot data, string dataset) =>
        data.CurrentFolder(dataset, FeatureArtifacts.History) is { } history ? Read(history, "day", _ => true, isSorted: true)
        : data.CurrentFolder(dataset, FeatureArtifacts.Train) is { } pairs ? Read(pairs, "label", label => label == 1, isSorted: false)
        : null;

    TakenItems Read(string folder, string column, Func<int, bool> isTaken, bool isSorted)
    {
        var rows = new TableSearch(folder, isTogether: isSorted).Find(TableKey.Number("user", Row), ["item", column]);
        var all = new List<(int Item, int? Day)>();
        foreach (var found in rows)
        {
            var (items, values) = (found.Group.Values<int>("item"), found.Group.Values<int>(column));
            all.AddRange(found.At.Where(row => isTaken(values[row])).Select(row => (items[row], isSorted ? values[row] : (int?)null)));
        }

        return new TakenItems(isSorted, isSorted ? [.. all.AsEnumerable().Reverse()] : [.. all.DistinctBy(each => each.Item)]);
    }

    static (string, string) Feature(ColumnBuffer column, int row) => (column.Column.Name, TablePreview.Cell(column, row) ?? "none");
}

/// <summary>Items of the catalogue, by row of the encoded items.</summary>
/// <param name="HasDays">True for a history of purchases; false for the likes among training pairs.</param>
/// <param name="Items">Of a history the latest first, as often as they were taken; of likes each once.</param>
sealed record TakenItems(bool HasDays, IReadOnlyList<(int Item, int? Day)> Items);
