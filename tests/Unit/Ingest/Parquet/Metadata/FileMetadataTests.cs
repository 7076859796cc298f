using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Parquet.Metadata;

public class FileMetadataTests
{
    [Fact]
    public void Each_column_has_the_order_of_its_type_without_which_bounds_mean_nothing()
    {
        var writer = new CompactWriter();
        var elements = SchemaMapping.ToElements(new TableSchema(new Column("a", ColumnType.Float), new Column("b", ColumnType.String)));
        new FileMetadata(elements, [], 0).Write(writer);

        // The last field, 7, one after created_by: a list (19) of 2 structs (2C); each is a union whose field 1 (1C) is an empty struct. Stop.
        Assert.Equal([0x19, 0x2C, 0x1C, 0, 0, 0x1C, 0, 0, 0], writer.Written[^9..].ToArray());
    }

    [Fact]
    public void A_timestamp_says_UTC_and_microseconds_in_both_ways()
    {
        var writer = new CompactWriter();
        SchemaMapping.ToElements(new TableSchema(new Column("t", ColumnType.Timestamp)))[1].Write(writer);

        // type (1) INT64 = 2; repetition (3) required = 0; name (4) "t"; converted (6) TIMESTAMP_MICROS = 10; numbers are zigzag.
        // logicalType (10): TIMESTAMP (8): isAdjustedToUTC (1) true, unit (2): MICROS (2), which is empty; then four stops and one more.
        Assert.Equal(
            [0x15, 4, 0x25, 0, 0x18, 1, (byte)'t', 0x25, 20, 0x4C, 0x8C, 0x11, 0x1C, 0x2C, 0, 0, 0, 0, 0],
            writer.Written.ToArray());
    }
}
