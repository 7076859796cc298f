using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Unit.Ingest.Parquet.Codecs;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Pages that others write and we do not, against bytes derived by hand.</summary>
public sealed class HandMadePageTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Delta_integers_are_read()
    {
        // As in DeltaDecoderTests: 7 5 3 1 2 3 4 5.
        var page = HandMadeFile.DataPage(8, PageEncoding.DeltaBinaryPacked, 0x80, 0x01, 0x04, 0x08, 0x0e, 0x03, 2, 0, 0, 0, 0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0);

        Assert.Equal(["7", "5", "3", "1", "2", "3", "4", "5"], Read(HandMadeFile.Required(PhysicalType.Int32), 8, page));
        Assert.Equal(["7", "5", "3", "1", "2", "3", "4", "5"], Read(HandMadeFile.Required(PhysicalType.Int64), 8, page));
    }

    [Fact]
    public void Texts_behind_their_delta_lengths_are_read()
    {
        // Lengths 5 5 6 6: deltas 0 1 0 in 1 bit, 00000010, padded to 32 of them.
        byte[] lengths = [0x80, 0x01, 0x04, 0x04, 0x0a, 0x00, 1, 0, 0, 0, 0b00000010, 0, 0, 0];

        Assert.Equal(["'Hello'", "'World'", "'Foobar'", "'ABCDEF'"],
            Read(HandMadeFile.Text, 4, HandMadeFile.DataPage(4, PageEncoding.DeltaLengthByteArray, [.. lengths, .. "HelloWorldFoobarABCDEF"u8])));
    }

    [Fact]
    public void Texts_that_share_a_start_with_the_one_before_are_read()
    {
        Assert.Equal(["'axis'", "'axle'", "'babble'", "'babyhood'"], Read(HandMadeFile.Text, 4, DeltaTexts()));
    }

    [Fact]
    public void A_text_cannot_start_with_more_than_the_one_before_has()
    {
        // Starts 0 and 3, as deltas: one of 3 in blocks of 8; lengths 2 and 1: one of -1. "ab" has no 3 bytes.
        byte[] page = [0x08, 0x01, 0x02, 0x00, 0x06, 0, 0x08, 0x01, 0x02, 0x04, 0x01, 0, .. "abc"u8];
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Text, 2, HandMadeFile.DataPage(2, PageEncoding.DeltaByteArray, page));

        Assert.Contains("a text starts with 3 bytes of one that has 2", DamageTests.Fails(folder.File("table.parquet")).Message);
    }

    [Fact]
    public void Split_streams_of_bytes_are_read()
    {
        // The specification's example: the floats AABBCCDD, 00112233 and A3B4C5D6, here as bytes from the lowest on.
        var page = HandMadeFile.DataPage(3, PageEncoding.ByteStreamSplit, 0xAA, 0x00, 0xA3, 0xBB, 0x11, 0xB4, 0xCC, 0x22, 0xC5, 0xDD, 0x33, 0xD6);

        Assert.Equal(["ddccbbaa", "33221100", "d6c5b4a3"], Read(HandMadeFile.Required(PhysicalType.Float), 3, page));
    }

    [Fact]
    public void Runs_of_bools_are_read()
    {
        // 2 bytes of runs: 10 << 1, then 1.
        Assert.Equal(Enumerable.Repeat("true", 10), Read(HandMadeFile.Required(PhysicalType.Boolean), 10, HandMadeFile.DataPage(10, PageEncoding.Rle, 2, 0, 0, 0, 0x14, 1)));
    }

    [Fact]
    public void Both_names_of_dictionaries_and_positions_of_no_bits_are_read()
    {
        foreach (var encoding in (PageEncoding[])[PageEncoding.PlainDictionary, PageEncoding.RleDictionary])
        {
            // One entry, 7; width 0 and a run of 3.
            Assert.Equal(["7", "7", "7"], Read(HandMadeFile.Required(PhysicalType.Int32), 3, HandMadeFile.DictionaryPage(1, 7, 0, 0, 0), HandMadeFile.DataPage(3, encoding, 0, 0x06)));
        }
    }

    [Fact]
    public void Pages_after_those_of_a_dictionary_may_be_plain_and_of_either_version()
    {
        // As Spark's writer leaves a column whose dictionary grew too large: two positions of entry 7, then values as they are, then positions again.
        byte[][] pages =
        [
            HandMadeFile.DictionaryPage(1, 7, 0, 0, 0),
            HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 0, 0x04),
            HandMadeFile.DataPage(1, PageEncoding.Plain, 1, 0, 0, 0),
            HandMadeFile.DataPage2(2, 0, PageEncoding.Plain, [], [2, 0, 0, 0, 3, 0, 0, 0], 8, isCompressed: false),
            HandMadeFile.DataPage2(1, 0, PageEncoding.RleDictionary, [], [0, 0x02], 2, isCompressed: false),
        ];

        Assert.Equal(["7", "7", "1", "2", "3", "7"], Read(HandMadeFile.Required(PhysicalType.Int32), 6, pages));
    }

    [Theory]
    [InlineData(ParquetCodec.Uncompressed, true)]
    [InlineData(ParquetCodec.Snappy, true)]
    [InlineData(ParquetCodec.Snappy, false)]
    [InlineData(ParquetCodec.Gzip, true)]
    [InlineData(ParquetCodec.Lz4Raw, true)]
    public void Pages_v2_are_read_whether_compressed_or_not(ParquetCodec codec, bool isCompressed)
    {
        // Levels 1 0 1: one group, 101. Values 5 and 6.
        byte[] levels = [0x03, 0b101], values = [5, 0, 0, 0, 6, 0, 0, 0];
        var stored = isCompressed ? CodecRuns.Compress(Pipeline.Ingest.Parquet.Codecs.AllCodecs.Find((int)codec)!, values) : values;
        var page = HandMadeFile.DataPage2(3, 1, PageEncoding.Plain, levels, stored, levels.Length + values.Length, isCompressed);

        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Optional(PhysicalType.Int32), 3, (int)codec, page);

        Assert.Equal(["5", "null", "6"], ReadFile());
    }

    [Fact]
    public void A_page_v2_of_nulls_has_no_values()
    {
        // A run of 3 times 0, and nothing to decompress.
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Optional(PhysicalType.Int32), 3, (int)ParquetCodec.Snappy, HandMadeFile.DataPage2(3, 3, PageEncoding.Plain, [0x06, 0], [], 2, true));

        Assert.Equal(["null", "null", "null"], ReadFile());
    }

    [Fact]
    public void Milliseconds_become_microseconds()
    {
        var column = HandMadeFile.Required(PhysicalType.Int64) with { Converted = ConvertedType.TimestampMillis };

        Assert.Equal(["5000", "-1000"], Read(column, 2, HandMadeFile.DataPage(2, PageEncoding.Plain, [.. BitConverter.GetBytes(5L), .. BitConverter.GetBytes(-1L)])));
    }

    [Fact]
    public void Milliseconds_beyond_the_range_of_microseconds_are_damage()
    {
        var column = HandMadeFile.Required(PhysicalType.Int64) with { Converted = ConvertedType.TimestampMillis };
        HandMadeFile.Write(folder.File("table.parquet"), column, 1, HandMadeFile.DataPage(1, PageEncoding.Plain, BitConverter.GetBytes(long.MinValue)));

        Assert.Contains("out of range", DamageTests.Fails(folder.File("table.parquet")).Message);
    }

    /// <summary>Without checksums, damage may give other values; but never another failure than ours, nor a large part of memory.</summary>
    [Fact]
    public void Any_flipped_bit_gives_values_or_an_error_of_ours()
    {
        byte[] deltas = [0x80, 0x01, 0x04, 0x08, 0x0e, 0x03, 2, 0, 0, 0, 0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0];
        (SchemaElement Column, int Rows, byte[][] Pages)[] files =
        [
            (HandMadeFile.Required(PhysicalType.Int64), 8, [HandMadeFile.DataPage(8, PageEncoding.DeltaBinaryPacked, deltas)]),
            (HandMadeFile.Text, 4, [DeltaTexts()]),
            (HandMadeFile.Text, 3, [HandMadeFile.DictionaryPage(2, [1, 0, 0, 0, (byte)'a', 2, 0, 0, 0, 0xc3, 0xa9]), HandMadeFile.DataPage(3, PageEncoding.RleDictionary, 1, 0x03, 0b010)]),
            (HandMadeFile.Required(PhysicalType.Boolean), 10, [HandMadeFile.DataPage(10, PageEncoding.Rle, 2, 0, 0, 0, 0x14, 1)]),
            (HandMadeFile.Optional(PhysicalType.Int32), 3, [HandMadeFile.DataPage2(3, 1, PageEncoding.Plain, [0x03, 0b101], [5, 0, 0, 0, 6, 0, 0, 0], 10, false)]),
            (HandMadeFile.Optional(PhysicalType.Float), 3, [HandMadeFile.DataPage(3, PageEncoding.ByteStreamSplit, 2, 0, 0, 0, 0x03, 0b101, 1, 2, 3, 4, 5, 6, 7, 8)]),
        ];
        foreach (var (column, rows, pages) in files)
        {
            HandMadeFile.Write(folder.File("table.parquet"), column, rows, pages);
            var clean = File.ReadAllBytes(folder.File("table.parquet"));
            Assert.Equal(rows, ReadFile().Count);
            for (var bit = 0; bit < clean.Length * 8; bit++)
            {
                DamageTests.ReadFlipped(folder.File("table.parquet"), clean, bit);
            }
        }
    }

    /// <summary>The specification's example axis, axle, babble, babyhood: starts of 0 2 0 3 bytes, then "axis" "le" "babble" "yhood".</summary>
    static byte[] DeltaTexts()
    {
        // Deltas 2 -2 3 are -2 plus 4 0 5, in 3 bits 4 | 0 << 3 | 5 << 6 = 0x144; lengths 4 2 6 5 are -2 plus 0 6 1: 6 << 3 | 1 << 6 = 0x70.
        byte[] starts = [0x80, 0x01, 0x04, 0x04, 0x00, 0x03, 3, 0, 0, 0, 0x44, 0x01, .. new byte[10]];
        byte[] lengths = [0x80, 0x01, 0x04, 0x04, 0x08, 0x03, 3, 0, 0, 0, 0x70, .. new byte[11]];
        return HandMadeFile.DataPage(4, PageEncoding.DeltaByteArray, [.. starts, .. lengths, .. Encoding.ASCII.GetBytes("axislebabbleyhood")]);
    }

    List<string> Read(SchemaElement column, int rows, params byte[][] pages)
    {
        HandMadeFile.Write(folder.File("table.parquet"), column, rows, pages);
        return ReadFile();
    }

    List<string> ReadFile()
    {
        using var reader = new ParquetReader(folder.File("table.parquet"));
        var buffer = reader.Read(0).Columns[0];
        return [.. Enumerable.Range(0, buffer.Count).Select(row => SampleTables.Show(buffer, row))];
    }
}
