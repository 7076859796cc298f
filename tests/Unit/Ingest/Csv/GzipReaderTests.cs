using System.IO.Compression;
using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Csv;

public sealed class GzipReaderTests
{
    static readonly byte[] Text = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * i % 251))];

    [Fact]
    public void A_file_of_one_member_is_read_to_its_end() => Assert.Equal(Text, Read(Member(Text)));

    [Fact]
    public void A_file_of_several_members_is_read_to_its_end() => Assert.Equal([.. Text, 1, 2, 3], Read([.. Member(Text), .. Member([1, 2, 3])]));

    [Fact]
    public void An_empty_text_is_a_text() => Assert.Empty(Read(Member([])));

    [Fact]
    public void Every_shorter_file_is_noticed()
    {
        var whole = Member([.. Text.Take(300)]);
        for (var length = 0; length < whole.Length; length++)
        {
            // Nothing at all is no gzip file, and is left to whoever reads the text.
            if (length > 0)
            {
                Assert.Throws<InvalidDataException>(() => Read(whole[..length]));
            }
        }
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        var whole = Member([.. Text.Take(3_000)]);
        for (var at = 18; at < whole.Length; at += 7)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 16;
            Assert.Throws<InvalidDataException>(() => Read(damaged));
        }
    }

    [Fact]
    public void What_follows_the_compressed_data_is_noticed() => Assert.Throws<InvalidDataException>(() => Read([.. Member(Text), 1, 2, 3, 4]));

    [Fact]
    public void A_small_file_may_be_packed_as_tightly_as_the_format_can()
    {
        var same = new byte[1 << 20];
        var file = Member(same);

        // A thousandth: what is refused of a long text.
        Assert.True(file.Length < same.Length / 500);
        Assert.Equal(same, Read(file));
    }

    [Fact]
    public void A_long_text_may_be_packed_150_times()
    {
        // Of every mebibyte the first 6,000 bytes hardly shrink, and the rest to a thousandth.
        var text = new byte[20 << 20];
        var random = new RandomStream(5, "gzip");
        for (var start = 0; start < text.Length; start += 1 << 20)
        {
            foreach (ref var one in text.AsSpan(start, 6_000))
            {
                one = (byte)random.NextInt(256);
            }
        }

        var file = Member(text);

        Assert.InRange(text.Length / file.Length, 120, 190);
        Assert.True(text.AsSpan().SequenceEqual(Read(file)));
    }

    [Fact]
    public void Small_reads_give_the_same_text()
    {
        using var reader = new GzipReader(new MemoryStream(Member([.. Text.Take(1_000)])));
        var read = new List<byte>();
        var buffer = new byte[7];
        for (var count = reader.Read(buffer); count > 0; count = reader.Read(buffer))
        {
            read.AddRange(buffer[..count]);
        }

        Assert.Equal(Text.Take(1_000), read);
    }

    static byte[] Read(byte[] file)
    {
        using var reader = new GzipReader(new MemoryStream(file));
        using var text = new MemoryStream();
        reader.CopyTo(text);
        return text.ToArray();
    }

    static byte[] Member(byte[] text)
    {
        using var file = new MemoryStream();
        using (var compressor = new GZipStream(file, CompressionLevel.Optimal))
        {
            compressor.Write(text);
        }

        return file.ToArray();
    }
}
