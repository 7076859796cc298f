using System.Text;
using Pipeline.Ingest.Parquet.Codecs;

namespace Pipeline.Unit.Ingest.Parquet.Codecs;

/// <summary>Against streams made by hand from the format description.</summary>
public class SnappyCodecTests
{
    [Theory]
    [InlineData(new byte[] { 12, 0x08, (byte)'a', (byte)'b', (byte)'c', 0x15, 3 })] // 1 | (9 - 4) << 2, offset 3
    [InlineData(new byte[] { 12, 0x08, (byte)'a', (byte)'b', (byte)'c', 0x22, 3, 0 })] // 2 | (9 - 1) << 2, offset 3
    [InlineData(new byte[] { 12, 0x08, (byte)'a', (byte)'b', (byte)'c', 0x23, 3, 0, 0, 0 })] // 3 | (9 - 1) << 2, offset 3
    public void Each_kind_of_copy_may_overlap_what_it_writes(byte[] stream) =>
        Assert.Equal("abcabcabcabc", Encoding.ASCII.GetString(CodecRuns.Decompress(new SnappyCodec(), stream, 12)));

    [Fact]
    public void A_long_literal_has_its_length_behind_the_tag()
    {
        // 61 bytes: tag 60 << 2, then 61 - 1.
        byte[] text = [.. Enumerable.Range(0, 61).Select(i => (byte)i)];

        Assert.Equal(text, CodecRuns.Decompress(new SnappyCodec(), [61, 60 << 2, 60, .. text], 61));
    }

    [Theory]
    [InlineData(new byte[] { })] // no length
    [InlineData(new byte[] { 12, 0x08, 97, 98 })] // a literal ends early
    [InlineData(new byte[] { 12, 0x08, 97, 98, 99 })] // 3 of 12 bytes
    [InlineData(new byte[] { 12, 0x08, 97, 98, 99, 0x15 })] // a copy without its offset
    [InlineData(new byte[] { 12, 0x08, 97, 98, 99, 0x15, 4 })] // from before the start
    [InlineData(new byte[] { 12, 0x08, 97, 98, 99, 0x15, 0 })] // from where it writes
    [InlineData(new byte[] { 12, 0x08, 97, 98, 99, 0x19, 3 })] // 10 bytes where 9 are left
    [InlineData(new byte[] { 12, 0x08, 97, 98, 99, 0x15, 3, 0x00, 97 })] // 13 bytes
    [InlineData(new byte[] { 11, 0x08, 97, 98, 99, 0x11, 3 })] // 11 bytes, as it says, but 12 are expected
    [InlineData(new byte[] { 12, 0xfc, 0xff, 0xff, 0xff, 0xff })] // a literal of 2^32 bytes
    public void Damaged_streams_are_told(byte[] stream) => Assert.Throws<InvalidDataException>(() => CodecRuns.Decompress(new SnappyCodec(), stream, 12));

    [Fact]
    public void Bytes_behind_a_text_of_nothing_are_told() => Assert.Throws<InvalidDataException>(() => CodecRuns.Decompress(new SnappyCodec(), [0, 0x08, 97, 98, 99], 0));

    [Fact]
    public void A_size_that_no_stream_of_its_length_can_have_takes_no_memory()
    {
        // 2^30 as varint, then a literal.
        byte[] stream = [0x80, 0x80, 0x80, 0x80, 0x04, 0x08, 97, 98, 99];

        Assert.True(CodecRuns.AllocatedByFailure(new SnappyCodec(), stream, 1 << 30) < 100_000);
    }
}
