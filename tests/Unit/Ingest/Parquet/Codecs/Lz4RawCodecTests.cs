using System.Text;
using Pipeline.Ingest.Parquet.Codecs;

namespace Pipeline.Unit.Ingest.Parquet.Codecs;

/// <summary>Against blocks made by hand from the format description.</summary>
public class Lz4RawCodecTests
{
    [Fact]
    public void A_copy_may_overlap_what_it_writes()
    {
        // 3 literals and a copy of 9 from 3 back: token 3 << 4 | 9 - 4; then the last 5 literals: 5 << 4.
        byte[] block = [0x35, .. "abc"u8, 3, 0, 0x50, .. "vwxyz"u8];

        Assert.Equal("abcabcabcabcvwxyz", Encoding.ASCII.GetString(CodecRuns.Decompress(new Lz4RawCodec(), block, 17)));
    }

    [Fact]
    public void Long_lengths_go_on_in_bytes_of_255()
    {
        // One 'a' and a copy of 300 from 1 back: 300 - 4 - 15 = 255 + 26. Then 15 literals: 15 - 15 = 0.
        byte[] block = [0x1f, (byte)'a', 1, 0, 255, 26, 0xf0, 0, .. "bcdefghijklmnop"u8];

        Assert.Equal(new string('a', 301) + "bcdefghijklmnop", Encoding.ASCII.GetString(CodecRuns.Decompress(new Lz4RawCodec(), block, 316)));
    }

    [Theory]
    [InlineData(new byte[] { })] // nothing
    [InlineData(new byte[] { 0x35, 97, 98 })] // literals end early
    [InlineData(new byte[] { 0x30, 97, 98, 99 })] // 3 of 12 bytes
    [InlineData(new byte[] { 0x35, 97, 98, 99, 3 })] // half an offset
    [InlineData(new byte[] { 0x35, 97, 98, 99, 0, 0 })] // from where it writes
    [InlineData(new byte[] { 0x35, 97, 98, 99, 4, 0 })] // from before the start
    [InlineData(new byte[] { 0x36, 97, 98, 99, 3, 0 })] // 10 bytes where 9 are left
    [InlineData(new byte[] { 0x3f, 97, 98, 99, 3, 0, 255 })] // a length without an end
    [InlineData(new byte[] { 0xf0, 255, 255, 255 })]
    public void Damaged_blocks_are_told(byte[] block) => Assert.Throws<InvalidDataException>(() => CodecRuns.Decompress(new Lz4RawCodec(), block, 12));

    [Fact]
    public void A_size_that_no_block_of_its_length_can_have_takes_no_memory() =>
        Assert.True(CodecRuns.AllocatedByFailure(new Lz4RawCodec(), [0x30, 97, 98, 99], 1 << 30) < 100_000);

    [Fact]
    public void The_last_bytes_are_literals_as_the_format_demands()
    {
        // 100 equal bytes: the first is a literal, a match from 1 on must leave 5. So the last token is 5 << 4.
        var block = CodecRuns.Compress(new Lz4RawCodec(), new byte[100]);

        Assert.Equal([0x50, 0, 0, 0, 0, 0], block[^6..]);
    }
}
