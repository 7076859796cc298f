using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Values in encodings that are unknown, not of their type, or wrong in themselves.</summary>
static class ValueDefects
{
    static readonly SchemaElement Ints = HandMadeFile.Required(PhysicalType.Int32);

    static readonly SchemaElement Floats = HandMadeFile.Required(PhysicalType.Float);

    static readonly SchemaElement Bools = HandMadeFile.Required(PhysicalType.Boolean);

    public static IReadOnlyList<Defect> List { get; } =
    [
        Of("an encoding that nobody knows", Ints, (PageEncoding)99, 1, 0, 0, 0),
        Of("an encoding with a negative number", Ints, (PageEncoding)(-1), 1, 0, 0, 0),
        Of("numbers in the old packing", Ints, PageEncoding.BitPacked, 1),
        Of("numbers in runs", Ints, PageEncoding.Rle, 0x02, 1),
        Of("floats as differences", Floats, PageEncoding.DeltaBinaryPacked, 8, 1, 1, 0),
        Of("numbers as differences of texts", Ints, PageEncoding.DeltaByteArray, 8, 1, 1, 0),
        Of("texts as split bytes", HandMadeFile.Text, PageEncoding.ByteStreamSplit, 1, 0, 0, 0),
        Of("bools in a dictionary", Bools, PageEncoding.RleDictionary, 0, 0x02),
        Of("a number of three bytes", Ints, PageEncoding.Plain, 1, 0, 0),
        Of("a number of five bytes", Ints, PageEncoding.Plain, 1, 0, 0, 0, 0),
        Of("split bytes that are too few", Floats, PageEncoding.ByteStreamSplit, 1, 2, 3),
        Of("no bits for a bool", Bools, PageEncoding.Plain),
        Of("two bytes for a bool", Bools, PageEncoding.Plain, 1, 1),
        Of("bools in runs that are longer than they say", Bools, PageEncoding.Rle, 1, 0, 0, 0, 0x02, 1),
        Of("bools in runs of a negative length", Bools, PageEncoding.Rle, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 1),
        Of("bools in runs without a length", Bools, PageEncoding.Rle, 1),
        Of("bools in no run", Bools, PageEncoding.Rle, 0, 0, 0, 0),
        Of("bools in empty runs only", Bools, PageEncoding.Rle, 4, 0, 0, 0, 0, 1, 0, 1),
        Of("differences in blocks of nothing", Ints, PageEncoding.DeltaBinaryPacked, 0, 1, 1, 0),
        Of("differences without small blocks", Ints, PageEncoding.DeltaBinaryPacked, 8, 0, 1, 0),
        Of("differences in blocks that do not divide", Ints, PageEncoding.DeltaBinaryPacked, 8, 3, 1, 0),
        Of("differences in blocks that leave a rest", Ints, PageEncoding.DeltaBinaryPacked, 17, 2, 1, 0),
        Of("bytes behind the last difference", Ints, PageEncoding.DeltaBinaryPacked, 8, 1, 1, 0, 7),
        Of("differences in small blocks of four", Ints, PageEncoding.DeltaBinaryPacked, 8, 2, 1, 0),
        Of("differences in blocks of more than memory", Ints, PageEncoding.DeltaBinaryPacked, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1, 1, 0),
        Of("differences of more values than there are", Ints, PageEncoding.DeltaBinaryPacked, 8, 1, 9, 0),
        Of("differences of fewer values than there are", Ints, PageEncoding.DeltaBinaryPacked, 8, 1, 0, 0),
        Of("differences of two thousand million values", Ints, PageEncoding.DeltaBinaryPacked, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0),
        Two("differences 65 bits wide", Ints, PageEncoding.DeltaBinaryPacked, [8, 1, 2, 0, 0, 65, .. new byte[65]]),
        Two("differences that end early", Ints, PageEncoding.DeltaBinaryPacked, 8, 1, 2, 0, 0, 32, 1),
        Two("differences that leave 32 bits, which is how the format wraps", Ints, PageEncoding.DeltaBinaryPacked, [8, 1, 2, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0]) with { IsRefused = false },
        Of("differences without a beginning", Ints, PageEncoding.DeltaBinaryPacked),
        Of("a text longer than its page", HandMadeFile.Text, PageEncoding.Plain, 9, 0, 0, 0, (byte)'a'),
        Of("a text of a negative length", HandMadeFile.Text, PageEncoding.Plain, 0xFF, 0xFF, 0xFF, 0xFF),
        Of("a text without a length", HandMadeFile.Text, PageEncoding.Plain, 1, 0),
        Of("bytes behind the last text", HandMadeFile.Text, PageEncoding.Plain, 0, 0, 0, 0, 7),
        Of("text that is no UTF-8", HandMadeFile.Text, PageEncoding.Plain, 2, 0, 0, 0, 0xC3, 0x28),
        new("a dictionary of text that is no UTF-8", path => HandMadeFile.Write(
            path, HandMadeFile.Text, 1, HandMadeFile.DictionaryPage(1, 2, 0, 0, 0, 0xC3, 0x28), HandMadeFile.DataPage(1, PageEncoding.RleDictionary, 0, 0x02))),
        Of("text with half of a pair", HandMadeFile.Text, PageEncoding.Plain, 3, 0, 0, 0, 0xED, 0xA0, 0x80),
        Of("text with an overlong zero", HandMadeFile.Text, PageEncoding.Plain, 2, 0, 0, 0, 0xC0, 0x80),
        Of("texts of negative delta length", HandMadeFile.Text, PageEncoding.DeltaLengthByteArray, 8, 1, 1, 1),
        Of("texts of more delta length than there is", HandMadeFile.Text, PageEncoding.DeltaLengthByteArray, 8, 1, 1, 8, (byte)'a'),
        Of("bytes behind the last text of delta length", HandMadeFile.Text, PageEncoding.DeltaLengthByteArray, 8, 1, 1, 2, (byte)'a', (byte)'b'),
        Of("bytes behind the last text that shares a start", HandMadeFile.Text, PageEncoding.DeltaByteArray, 8, 1, 1, 0, 8, 1, 1, 2, (byte)'a', (byte)'b'),
        Of("a text that begins with one before the first", HandMadeFile.Text, PageEncoding.DeltaByteArray, 8, 1, 1, 2, 8, 1, 1, 2, (byte)'a'),
        Of("a text that begins with less than nothing", HandMadeFile.Text, PageEncoding.DeltaByteArray, 8, 1, 1, 1, 8, 1, 1, 2, (byte)'a'),
        new("a timestamp in milliseconds that leaves the range", path => HandMadeFile.Write(
            path, HandMadeFile.Required(PhysicalType.Int64) with { Converted = ConvertedType.TimestampMillis }, 1, HandMadeFile.DataPage(1, PageEncoding.Plain, BitConverter.GetBytes(long.MaxValue)))),
    ];

    static Defect Of(string name, SchemaElement column, PageEncoding encoding, params byte[] body) =>
        new(name, path => HandMadeFile.Write(path, column, 1, HandMadeFile.DataPage(1, encoding, body)));

    static Defect Two(string name, SchemaElement column, PageEncoding encoding, params byte[] body) =>
        new(name, path => HandMadeFile.Write(path, column, 2, HandMadeFile.DataPage(2, encoding, body)));
}
