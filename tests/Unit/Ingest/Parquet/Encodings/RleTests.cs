using System.Buffers;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Parquet.Encodings;

/// <summary>The RLE / bit-packed hybrid against bytes of the specification and of our own hand.</summary>
public class RleTests
{
    [Fact]
    public void Eight_different_values_are_packed_from_the_lowest_bit_on()
    {
        // The specification's example: 0 .. 7 in 3 bits each are 10001000 11000110 11111010. Before it 1 group: 1 << 1 | 1.
        Assert.Equal([0x03, 0b10001000, 0b11000110, 0b11111010], Write([0, 1, 2, 3, 4, 5, 6, 7], 3));
    }

    [Fact]
    public void Eight_equal_values_are_a_run()
    {
        // 10 << 1, then 4 in one byte.
        Assert.Equal([0x14, 0x04], Write([4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 3));
    }

    [Fact]
    public void A_value_of_nine_bits_takes_two_bytes_in_a_run()
    {
        // 8 << 1, then 256 as 00 01.
        Assert.Equal([0x10, 0x00, 0x01], Write([256, 256, 256, 256, 256, 256, 256, 256], 9));
    }

    [Fact]
    public void Values_before_a_run_borrow_from_it_to_fill_their_group()
    {
        // 1 and seven 0 are a group, 1 << 1 | 1 and 00000001; then 9 of the sixteen 0 are left, 9 << 1.
        Assert.Equal([0x03, 0x01, 0x12, 0x00], Write([1, .. new int[16]], 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    public void Any_values_come_back_in_pieces_of_any_size(int width)
    {
        var random = new RandomStream(1, "rle");
        var values = new int[1000];
        for (var i = 0; i < values.Length;)
        {
            // Runs of 1 to 30 values.
            var value = (int)(random.NextUInt32() & ((1UL << width) - 1));
            for (var end = Math.Min(values.Length, i + 1 + random.NextInt(30)); i < end; i++)
            {
                values[i] = value;
            }
        }

        var decoder = new RleDecoder(Write(values, width), width);
        var read = new int[values.Length];
        for (var done = 0; done < read.Length; done += 13)
        {
            decoder.Read(read.AsSpan(done, Math.Min(13, read.Length - done)));
        }

        Assert.Equal(values, read);
    }

    [Theory]
    [InlineData(new byte[] { 0x14 }, 3)] // a run without its value
    [InlineData(new byte[] { 0x14, 0x08 }, 3)] // a run of 8, which 3 bits do not hold
    [InlineData(new byte[] { 0x03, 0xff }, 3)] // a group that ends after 2 of 8 values
    [InlineData(new byte[] { 0x00, 0x00, 0x00, 0x00 }, 1)] // runs of nothing
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 1)] // a length without an end
    [InlineData(new byte[] { }, 1)]
    public void Damaged_runs_are_told(byte[] bytes, int width) => Assert.Throws<InvalidDataException>(() =>
    {
        var decoder = new RleDecoder(bytes, width);
        decoder.Read(new int[9]);
    });

    static byte[] Write(int[] values, int width)
    {
        var target = new ArrayBufferWriter<byte>();
        RleEncoder.Write(values, width, target);
        return target.WrittenSpan.ToArray();
    }
}
