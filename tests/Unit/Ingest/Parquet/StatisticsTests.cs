using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Parquet;

public sealed class StatisticsTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NaN_is_no_bound(bool useDictionary)
    {
        // Twenty values so that a dictionary of four pays.
        var found = Bounds<float>(ColumnType.Float, [.. Enumerable.Repeat<float[]>([float.NaN, 3, float.NaN, 1], 5).SelectMany(values => values)], useDictionary);

        Assert.Equal((1f, 3f), (BitConverter.ToSingle(found.Min), BitConverter.ToSingle(found.Max)));
    }

    [Fact]
    public void Bounds_in_the_old_fields_count_only_where_their_order_is_that_of_the_type()
    {
        // Field 1 is the greatest, field 2 the least: texts of one letter. Text was compared by signed bytes then.
        byte[] bytes = [0x18, 1, (byte)'z', 0x18, 1, (byte)'a', 0];
        var text = new CompactReader(bytes);
        var number = new CompactReader(bytes);

        Assert.Equal((null, null), Bounds(ColumnStatistics.Read(ref text, CompactType.Struct, oldOrderHolds: false)));
        Assert.Equal(("a", "z"), Bounds(ColumnStatistics.Read(ref number, CompactType.Struct, oldOrderHolds: true)));

        static (string?, string?) Bounds(ColumnStatistics statistics) =>
            (statistics.Min is { } min ? Encoding.UTF8.GetString(min) : null, statistics.Max is { } max ? Encoding.UTF8.GetString(max) : null);
    }

    [Fact]
    public void Only_NaN_has_no_bounds() => Assert.Null(Bounds<double>(ColumnType.Double, [double.NaN, double.NaN]).Min);

    [Fact]
    public void Zeros_are_bounded_by_minus_zero_and_plus_zero()
    {
        foreach (var zero in (float[])[0f, -0f])
        {
            var found = Bounds<float>(ColumnType.Float, [zero, zero]);

            Assert.Equal([0, 0, 0, 0x80], found.Min!);
            Assert.Equal([0, 0, 0, 0], found.Max!);
        }
    }

    [Fact]
    public void Integers_are_ordered_by_sign()
    {
        var found = Bounds<int>(ColumnType.Int32, [3, -1, 2]);

        Assert.Equal((-1, 3), (BitConverter.ToInt32(found.Min), BitConverter.ToInt32(found.Max)));
    }

    [Fact]
    public void Text_is_ordered_by_its_bytes()
    {
        // "z" is 7A, "é" is C3 A9, "日" is E6 ...; by culture é would come before z.
        var found = TextBounds("é", "z", "日");

        Assert.Equal(("z", "日"), (Encoding.UTF8.GetString(found.Min!), Encoding.UTF8.GetString(found.Max!)));
    }

    [Fact]
    public void Long_text_is_bounded_by_short_text_that_says_so()
    {
        var found = TextBounds(new string('a', 100), new string('b', 100));

        Assert.Equal((new string('a', 64), new string('b', 63) + "c"), (Encoding.UTF8.GetString(found.Min!), Encoding.UTF8.GetString(found.Max!)));
        Assert.False(found.IsMinExact || found.IsMaxExact);
        Assert.True(TextBounds("a", "b") is { IsMinExact: true, IsMaxExact: true });
    }

    [Fact]
    public void A_bound_is_cut_between_characters()
    {
        // 63 letters and a character of 2 bytes, of which 64 would be the half.
        var found = TextBounds(new string('a', 63) + "é" + new string('b', 40));

        Assert.Equal((new string('a', 63), new string('a', 62) + "b"), (Encoding.UTF8.GetString(found.Min!), Encoding.UTF8.GetString(found.Max!)));
    }

    [Fact]
    public void Long_text_without_a_letter_to_raise_has_no_bounds() => Assert.Null(TextBounds(string.Concat(Enumerable.Repeat("日", 50))).Max);

    [Fact]
    public void Nulls_are_counted_and_are_no_bound()
    {
        var rows = new RowGroup(new TableSchema(new Column("it", ColumnType.Int64, IsOptional: true)));
        rows.Columns[0].AddNull();
        rows.Values<long>("it").Add(5);
        rows.Columns[0].AddNull();

        var found = Write(rows, true);

        Assert.Equal((2, 5L, 5L), (found.NullCount, BitConverter.ToInt64(found.Min), BitConverter.ToInt64(found.Max)));
    }

    ColumnStatistics Bounds<T>(ColumnType type, T[] values, bool useDictionary = true)
        where T : unmanaged
    {
        var rows = new RowGroup(new TableSchema(new Column("it", type)));
        rows.Values<T>("it").Add(values);
        return Write(rows, useDictionary);
    }

    ColumnStatistics TextBounds(params string[] texts)
    {
        var rows = new RowGroup(new TableSchema(new Column("it", ColumnType.String)));
        foreach (var text in texts)
        {
            rows.Strings("it").Add(text);
        }

        return Write(rows, true);
    }

    ColumnStatistics Write(RowGroup rows, bool useDictionary)
    {
        using (var writer = new ParquetWriter(folder.File("table.parquet"), rows.Schema, new ParquetOptions { UseDictionary = useDictionary }))
        {
            writer.Write(rows);
            writer.Finish();
        }

        using var reader = new ParquetReader(folder.File("table.parquet"));
        return reader.Statistics(0, "it");
    }
}
