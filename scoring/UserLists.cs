using System.Globalization;
using Pipeline.Features;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>
/// The published lists: `user_id` string, `rank` int32 from 1, `item_id` string, `score` float, `source` "model" or "popularity"; by user
/// and rank, in parts by ranges of users. A list is shorter than asked for where the catalogue has no more that is not masked.
/// </summary>
static class UserLists
{
    const int RowsPerGroup = 1 << 16;

    public static readonly TableSchema Schema = new(
        new("user_id", ColumnType.String),
        new("rank", ColumnType.Int32),
        new("item_id", ColumnType.String),
        new("score", ColumnType.Float),
        new("source", ColumnType.String));

    /// <summary>As the column `source` has it.</summary>
    public static ReadOnlySpan<byte> NameOf(ListSource source) => source == ListSource.Model ? "model"u8 : "popularity"u8;

    /// <returns>Null where it names no source.</returns>
    public static ListSource? SourceNamed(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(NameOf(ListSource.Model)) ? ListSource.Model : name.SequenceEqual(NameOf(ListSource.Popularity)) ? ListSource.Popularity : null;

    public static string PartName(int part) => string.Create(CultureInfo.InvariantCulture, $"part-{part:D5}.parquet");

    /// <summary>Writes the lists of a range of users. Ranges may be written at the same time.</summary>
    /// <param name="start">Place of the first user of the part.</param>
    /// <returns>Rows written.</returns>
    public static long WritePart(OutputFolder output, int part, EncodedTable users, EncodedTable items, GivenLists lists, int start, int count)
    {
        using var writer = TableFormat.Current.Create(output.File(PartName(part)), Schema);
        var rows = new Rows();
        var (chosen, scores) = (new int[lists.Length], new float[lists.Length]);
        for (var place = start; place < start + count; place++)
        {
            var entries = lists.Fill(place, chosen, scores);

            // A list stays in one group, so that who looks for a user reads one.
            if (rows.Count > 0 && rows.Count + entries > RowsPerGroup)
            {
                rows.Write(writer);
            }

            rows.Add(users.Ids.Utf8(lists.Users[place]), items, chosen.AsSpan(0, entries), scores, NameOf(lists.SourceOf(place)));
        }

        rows.Write(writer);
        writer.Finish();
        return writer.RowCount;
    }

    /// <summary>Rows that are not yet written.</summary>
    sealed class Rows
    {
        readonly RowGroup group;
        readonly StringBuffer users, items, sources;
        readonly ColumnBuffer<int> ranks;
        readonly ColumnBuffer<float> scores;

        public Rows()
        {
            group = new RowGroup(Schema);
            (users, ranks, items) = (group.Strings("user_id"), group.Values<int>("rank"), group.Strings("item_id"));
            (scores, sources) = (group.Values<float>("score"), group.Strings("source"));
        }

        public int Count => group.Count;

        public void Add(ReadOnlySpan<byte> user, EncodedTable table, ReadOnlySpan<int> chosen, ReadOnlySpan<float> given, ReadOnlySpan<byte> source)
        {
            for (var i = 0; i < chosen.Length; i++)
            {
                users.Add(user);
                ranks.Add(i + 1);
                items.Add(table.Ids.Utf8(chosen[i]));
                scores.Add(given[i]);
                sources.Add(source);
            }
        }

        public void Write(ITableWriter writer)
        {
            writer.Write(group);
            group.Clear();
        }
    }
}
