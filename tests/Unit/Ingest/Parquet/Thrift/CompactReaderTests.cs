using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Unit.Ingest.Parquet.Thrift;

public class CompactReaderTests
{
    [Fact]
    public void Fields_of_every_type_come_back_and_unknown_ones_are_skipped()
    {
        var writer = new CompactWriter();
        writer.WriteBool(1, true);
        writer.WriteInt32(2, -1_234_567);
        writer.WriteInt64(4, long.MinValue);
        writer.BeginList(5, CompactType.Struct, 20);
        for (var i = 0; i < 20; i++)
        {
            writer.BeginElement();
            writer.WriteEmptyStruct(1);
            writer.WriteText(3, "skipped");
            writer.EndStruct();
        }

        writer.WriteByte(6, -8);
        writer.WriteText(20, "name");
        writer.EndStruct();

        var reader = new CompactReader(writer.Written);
        var found = new List<object>();
        for (short id = 0; reader.NextField(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    found.Add(reader.ReadBool(type));
                    break;
                case 2:
                    found.Add(reader.ReadInt32(type));
                    break;
                case 4:
                    found.Add(reader.ReadInt64(type));
                    break;
                case 6:
                    found.Add(reader.ReadByte(type));
                    break;
                case 20:
                    found.Add(reader.ReadText(type));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        Assert.Equal([true, -1_234_567, long.MinValue, -8, "name"], found);
        Assert.Equal(writer.Written.Length, reader.Position);
    }

    [Fact]
    public void Bytes_are_those_of_the_protocol()
    {
        var writer = new CompactWriter();

        // Field 1: delta 1 << 4 | i32; zigzag of -3 is 5. Field 3: delta 2 << 4 | binary, length 2. Stop.
        writer.WriteInt32(1, -3);
        writer.WriteText(3, "ab");
        writer.EndStruct();

        Assert.Equal([0x15, 0x05, 0x28, 0x02, (byte)'a', (byte)'b', 0x00], writer.Written.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { })] // no stop
    [InlineData(new byte[] { 0x15 })] // no number
    [InlineData(new byte[] { 0x16, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })] // a number of 11 bytes
    [InlineData(new byte[] { 0x18, 0x05, 0x61 })] // text of 5 bytes, one is there
    [InlineData(new byte[] { 0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })] // text of 2^64 - 1 bytes
    [InlineData(new byte[] { 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00 })] // a list of 2^31 - 1 structs
    [InlineData(new byte[] { 0x1b, 0xff, 0xff, 0xff, 0xff, 0x07, 0x55 })] // a map of 2^31 - 1 pairs
    [InlineData(new byte[] { 0x1e })] // type 14 does not exist
    public void Damage_is_told(byte[] bytes) => Assert.Throws<InvalidDataException>(() => SkipAll(bytes));

    [Theory]
    [InlineData(0x1c)] // a struct in a struct in a struct ...
    [InlineData(0x19)] // a list in a list in a list ...
    public void Nesting_without_end_is_told(byte header) => Assert.Throws<InvalidDataException>(() => SkipAll([.. Enumerable.Repeat(header, 100_000)]));

    [Fact]
    public void A_field_of_another_type_is_told() => Assert.Throws<InvalidDataException>(() =>
    {
        var reader = new CompactReader([0x15, 0x05, 0x00]);
        short id = 0;
        reader.NextField(ref id, out var type);
        reader.ReadText(type);
    });

    [Fact]
    public void A_bool_that_is_a_number_is_told() => Assert.Throws<InvalidDataException>(() => new CompactReader([]).ReadBool(CompactType.Int32));

    [Fact]
    public void A_list_of_other_elements_is_told() => Assert.Throws<InvalidDataException>(() => new CompactReader([0x15, 2]).ReadList(CompactType.List, CompactType.Struct));

    [Fact]
    public void A_number_that_leaves_32_bits_is_told() =>
        Assert.Throws<InvalidDataException>(() => new CompactReader([0xff, 0xff, 0xff, 0xff, 0x1f]).ReadInt32(CompactType.Int32)); // 2^33 - 1, which is -2^32

    static void SkipAll(byte[] bytes)
    {
        var reader = new CompactReader(bytes);
        for (short id = 0; reader.NextField(ref id, out var type);)
        {
            reader.Skip(type);
        }
    }
}
