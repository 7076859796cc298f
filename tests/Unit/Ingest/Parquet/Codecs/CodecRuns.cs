using System.Buffers;
using Pipeline.Ingest.Parquet.Codecs;

namespace Pipeline.Unit.Ingest.Parquet.Codecs;

static class CodecRuns
{
    public static byte[] Compress(ICodec codec, byte[] source)
    {
        var target = new ArrayBufferWriter<byte>();
        codec.Compress(source, target);
        return target.WrittenSpan.ToArray();
    }

    public static byte[] Decompress(ICodec codec, byte[] source, int length)
    {
        var target = new ArrayBufferWriter<byte>();
        codec.Decompress(source, length, target);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>Bytes that a decompression takes until it fails.</summary>
    public static long AllocatedByFailure(ICodec codec, byte[] source, int length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Decompress(codec, source, length));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
