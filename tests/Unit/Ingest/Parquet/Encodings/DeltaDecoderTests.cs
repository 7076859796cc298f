using Pipeline.Ingest.Parquet.Encodings;

namespace Pipeline.Unit.Ingest.Parquet.Encodings;

public class DeltaDecoderTests
{
    [Fact]
    public void Equal_deltas_need_no_bits()
    {
        // The specification's example 1 .. 5: blocks of 128 in 4 miniblocks, 5 values, first 1; smallest delta 1, four widths of 0.
        Assert.Equal([1, 2, 3, 4, 5], Read([0x80, 0x01, 0x04, 0x05, 0x02, 0x02, 0, 0, 0, 0], 5));
    }

    [Fact]
    public void Deltas_are_added_to_the_smallest_of_their_block()
    {
        // The specification's example: deltas -2 -2 -2 1 1 1 1 are -2 plus 0 0 0 3 3 3 3, in 2 bits 11000000 00111111.
        Assert.Equal([7, 5, 3, 1, 2, 3, 4, 5], Read([0x80, 0x01, 0x04, 0x08, 0x0e, 0x03, 2, 0, 0, 0, 0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0], 8));
    }

    [Fact]
    public void Sums_wrap_around()
    {
        // First long.MaxValue: zigzag 2^64 - 2; delta 1 wraps to long.MinValue.
        Assert.Equal([long.MaxValue, long.MinValue], Read([0x80, 0x01, 0x04, 0x02, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x02, 0, 0, 0, 0], 2));
    }

    [Fact]
    public void Deltas_of_64_bits_may_start_at_any_place()
    {
        // Blocks of 8 in one miniblock: smallest 0, width 64, eight deltas of which the second is 5.
        byte[] deltas = [.. new byte[8], 5, .. new byte[55]];
        Assert.Equal([0, 0, 5], Read([0x08, 0x01, 0x03, 0x00, 0x00, 64, .. deltas], 3));
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x05, 0x02 })] // no block
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x05, 0x02, 0x02, 0, 0, 0 })] // a width is missing
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x05, 0x02, 0x02, 2, 0, 0, 0, 0 })] // the miniblock ends early
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x05, 0x02, 0x02, 65, 0, 0, 0, 0 })] // a width of 65
    [InlineData(new byte[] { 0x80, 0x01, 0x00, 0x05, 0x02, 0x02, 0, 0, 0, 0 })] // no miniblocks
    [InlineData(new byte[] { 0x00, 0x04, 0x05, 0x02, 0x02, 0, 0, 0, 0 })] // blocks of 0
    [InlineData(new byte[] { 0x80, 0x01, 0x03, 0x05, 0x02, 0x02, 0, 0, 0, 0 })] // 3 miniblocks in 128 values
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x04, 0x02, 0x02, 0, 0, 0, 0 })] // one value too few
    public void Damaged_deltas_are_told(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(bytes, 5));

    static long[] Read(byte[] bytes, int count)
    {
        var decoder = new DeltaDecoder(bytes);
        var values = new long[count];
        decoder.Read(values.AsSpan(0, 1));
        decoder.Read(values.AsSpan(1));
        Assert.Equal(bytes.Length, decoder.Position);
        return values;
    }
}
