using Pipeline.Ingest.Parquet.Columns;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>What the format has and tables here do not is refused by an error that names file and column.</summary>
public sealed class UnsupportedTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Nested_columns_are_refused_and_not_taken_for_damage(int rows)
    {
        SchemaElement[] schema =
        [
            new("root") { ChildCount = 1 },
            new("tags") { ChildCount = 1, Repetition = Repetition.Optional },
            HandMadeFile.Text with { Repetition = Repetition.Repeated },
        ];
        ChunkMetadata tags = new() { Type = PhysicalType.ByteArray, Path = "it", ValueCount = 5, CompressedSize = 1, DataPageOffset = 4 };
        HandMadeFile.Write(folder.File("table.parquet"), schema, rows == 0 ? [] : [new GroupMetadata([tags], rows)], rows, [0]);

        AssertRefused("footer: column 'tags' is nested");
    }

    [Theory]
    [InlineData(8, "it is encrypted")]
    [InlineData(1, "its values lie in another file")]
    public void Columns_that_are_encrypted_or_elsewhere_are_refused(short field, string expected)
    {
        // A column of a group: the file that it lies in (1), its description (3), how it is encrypted (8).
        var writer = new CompactWriter();
        if (field == 1)
        {
            writer.WriteText(1, "other.parquet");
        }

        writer.WriteEmptyStruct(3);
        if (field == 8)
        {
            writer.WriteEmptyStruct(8);
        }

        writer.EndStruct();
        var reader = new CompactReader(writer.Written);
        var chunk = ChunkMetadata.Read(ref reader) with { DataPageOffset = 4 };
        using var file = File.OpenHandle(folder.Write("bytes", "PAR1"));
        var columns = new ColumnReader(new FileWindow(file, 4), isOurs: false);

        Assert.Equal(expected, Assert.Throws<NotSupportedException>(() => columns.Read(chunk, false, ColumnBuffer.Create(new Column("it", ColumnType.Int32)), 0)).Message);
    }

    [Fact]
    public void Repeated_columns_are_refused()
    {
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Text with { Repetition = Repetition.Repeated }, 0, []);

        AssertRefused("footer: column 'it' is nested");
    }

    [Theory]
    [InlineData("Int96 without a meaning", PhysicalType.Int96, null)]
    [InlineData("FixedLengthByteArray without a meaning", PhysicalType.FixedLengthByteArray, null)]
    [InlineData("ByteArray without a meaning", PhysicalType.ByteArray, null)]
    [InlineData("Int32 as Decimal", PhysicalType.Int32, 5)]
    [InlineData("Int32 as unsigned integer of 32 bits", PhysicalType.Int32, 13)]
    [InlineData("Int64 as unsigned integer of 64 bits", PhysicalType.Int64, 14)]
    [InlineData("Int64 as Time in Micros", PhysicalType.Int64, 8)]
    public void Types_that_tables_do_not_have_are_refused(string what, object type, int? converted)
    {
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Required((PhysicalType)type) with { Converted = (ConvertedType?)converted }, 0, []);

        AssertRefused($"footer: column 'it' is {what}; supported are bool");
    }

    [Fact]
    public void Nanoseconds_are_refused_for_they_would_lose_digits()
    {
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Required(PhysicalType.Int64) with { Logical = new(LogicalKind.Timestamp, TimeUnit.Nanos) }, 0, []);

        AssertRefused("footer: column 'it' is Int64 as Timestamp in Nanos");
    }

    [Theory]
    [InlineData(3, "LZO")]
    [InlineData(4, "BROTLI")]
    [InlineData(5, "LZ4")]
    [InlineData(6, "ZSTD")]
    [InlineData(99, "number 99")]
    public void Codecs_without_code_here_are_refused_by_name(int codec, string name)
    {
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Required(PhysicalType.Int32), 1, codec, HandMadeFile.DataPage(1, PageEncoding.Plain, 1, 0, 0, 0));

        AssertRefused($"column 'it': it is compressed with {name}; supported are UNCOMPRESSED, SNAPPY, GZIP and LZ4_RAW");
    }

    [Fact]
    public void Encodings_that_a_type_does_not_have_are_refused()
    {
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Required(PhysicalType.Float), 1, HandMadeFile.DataPage(1, PageEncoding.DeltaBinaryPacked, 1, 0, 0, 0));

        AssertRefused("column 'it': it has a page encoded as DeltaBinaryPacked");
    }

    [Fact]
    public void Encrypted_footers_are_refused()
    {
        File.WriteAllBytes(folder.File("table.parquet"), [.. "PARE"u8, .. new byte[20], .. "PARE"u8]);

        AssertRefused("the file is encrypted");
    }

    void AssertRefused(string message)
    {
        var found = DamageTests.Fails(folder.File("table.parquet")).Message;
        Assert.StartsWith(folder.File("table.parquet"), found);
        Assert.Contains(message, found);
        Assert.DoesNotContain("damaged", found);
    }
}
