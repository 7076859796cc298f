using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Codecs;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Parquet.Codecs;

/// <summary>What every codec keeps to.</summary>
public class AllCodecsTests
{
    public static TheoryData<ParquetCodec> Ids => [.. AllCodecs.List.Select(codec => codec.Id)];

    [Fact]
    public void The_list_has_every_codec_of_the_options_and_every_class_once()
    {
        Assert.Equal(Enum.GetValues<ParquetCodec>().Order(), AllCodecs.List.Select(codec => codec.Id).Order());
        Assert.Equal(
            typeof(ICodec).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ICodec))).Select(type => type.Name).Order(StringComparer.Ordinal),
            AllCodecs.List.Select(codec => codec.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Anything_comes_back(ParquetCodec id)
    {
        var codec = AllCodecs.Find((int)id)!;
        foreach (var source in Sources())
        {
            Assert.Equal(source, CodecRuns.Decompress(codec, CodecRuns.Compress(codec, source), source.Length));
        }
    }

    [Theory]
    [InlineData(ParquetCodec.Snappy)]
    [InlineData(ParquetCodec.Gzip)]
    [InlineData(ParquetCodec.Lz4Raw)]
    public void Repetition_gets_smaller_and_noise_hardly_larger(ParquetCodec id)
    {
        var codec = AllCodecs.Find((int)id)!;
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"customer {i % 10}, ")));

        // A copy of 64 bytes costs 3 in Snappy, the loosest of the three: 1/21, and some bytes more.
        Assert.InRange(CodecRuns.Compress(codec, text).Length, 1, text.Length / 20);
        Assert.InRange(CodecRuns.Compress(codec, Noise(100_000)).Length, 100_000, 101_000);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_wrong_length_is_told(ParquetCodec id)
    {
        var codec = AllCodecs.Find((int)id)!;
        var compressed = CodecRuns.Compress(codec, Encoding.ASCII.GetBytes("abcabcabcabcabcabcabcabcabcabcabc"));

        Assert.Throws<InvalidDataException>(() => CodecRuns.Decompress(codec, compressed, 32));
        Assert.Throws<InvalidDataException>(() => CodecRuns.Decompress(codec, compressed, 34));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Damage_is_told_or_gives_bytes_of_the_right_length(ParquetCodec id)
    {
        var codec = AllCodecs.Find((int)id)!;
        var source = Encoding.ASCII.GetBytes("a text with a text with a text that has a copy " + new string('x', 100));
        var compressed = CodecRuns.Compress(codec, source);
        for (var bit = 0; bit < compressed.Length * 8; bit++)
        {
            var damaged = compressed.ToArray();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            var length = 0;
            var error = Record.Exception(() => length = CodecRuns.Decompress(codec, damaged, source.Length).Length);

            Assert.True(error is InvalidDataException || (error is null && length == source.Length), $"bit {bit}: {error}");
        }
    }

    static IEnumerable<byte[]> Sources()
    {
        // Copies of every length around those that take one more element or byte.
        for (var length = 1; length < 330; length++)
        {
            yield return [.. Noise(20), .. new byte[length], .. Noise(20)];
        }

        foreach (var length in (int[])[0, 1, 4, 5, 11, 12, 13, 14, 15, 16, 17, 60, 61, 256, 257, 65_535, 65_536, 65_537, 200_000])
        {
            yield return new byte[length];
            yield return Noise(length);

            // Few letters give many matches of all lengths and distances; the period gives far ones.
            yield return [.. Noise(length).Select(value => (byte)(value & 1))];
            yield return [.. Enumerable.Range(0, length).Select(i => (byte)(i * i >> 5))];
        }
    }

    static byte[] Noise(int length)
    {
        var random = new RandomStream(3, "noise");
        var bytes = new byte[length];
        foreach (ref var value in bytes.AsSpan())
        {
            value = (byte)random.NextUInt32();
        }

        return bytes;
    }
}
