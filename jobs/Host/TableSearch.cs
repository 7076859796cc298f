using System.Runtime.ExceptionServices;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Finds rows of a generation by a value, without an index: groups whose statistics exclude the value are passed over.</summary>
/// <param name="folder">Of the generation.</param>
/// <param name="isTogether">True if rows of one value follow each other: then the search ends behind them.</param>
sealed class TableSearch(string folder, bool isTogether = true)
{
    /// <summary>Absolute paths of the parts, in order.</summary>
    public IReadOnlyList<string> Parts => [.. Tables.Select(part => PartFile.Of(folder, part.Path))];

    IEnumerable<ManifestPart> Tables => ManifestFile.Read(folder).Parts.Where(part => part.Rows is not null);

    /// <summary>Parts are looked through at the same time.</summary>
    /// <param name="columns">To read of the rows that fit.</param>
    /// <exception cref="PipelineException">A part that had to be read is missing or damaged.</exception>
    public IReadOnlyList<FoundRows> Find(TableKey key, IReadOnlyList<string> columns)
    {
        var parts = new List<(string Path, long First)>();
        var first = 0L;
        foreach (var part in Tables)
        {
            parts.Add((PartFile.Of(folder, part.Path), first));
            first += part.Rows!.Value;
        }

        try
        {
            return [.. parts.AsParallel().AsOrdered().SelectMany(part => Find(part.Path, part.First, key, columns))];
        }
        catch (AggregateException error)
        {
            // One damaged part is as good a reason as several.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
            throw;
        }
    }

    List<FoundRows> Find(string part, long first, TableKey key, IReadOnlyList<string> columns)
    {
        using var reader = new ParquetReader(part);
        var keys = new RowGroup(reader.Select([key.Column]));
        var found = new List<FoundRows>();
        for (var group = 0; group < reader.GroupCount; first += reader.RowCountOf(group++))
        {
            var rows = key.MayHold(reader.Statistics(group, key.Column)) ? Rows(reader, group, keys, key) : [];
            if (rows.Count > 0)
            {
                found.Add(new FoundRows(reader.Read(group, columns), rows, first));
            }
            else if (found.Count > 0 && isTogether)
            {
                break;
            }
        }

        return found;
    }

    static List<int> Rows(ParquetReader reader, int group, RowGroup keys, TableKey key)
    {
        keys.Clear();
        reader.ReadInto(keys, group);
        var (column, rows) = (keys.Columns[0], new List<int>());
        for (var row = 0; row < column.Count; row++)
        {
            if (key.Fits(column, row))
            {
                rows.Add(row);
            }
        }

        return rows;
    }
}

/// <summary>Rows of one group.</summary>
/// <param name="Group">The columns that were asked for, of all rows of the group.</param>
/// <param name="At">Which of them fit; at least one.</param>
/// <param name="First">Number of the group's first row in the whole table, from 0.</param>
sealed record FoundRows(RowGroup Group, IReadOnlyList<int> At, long First);
