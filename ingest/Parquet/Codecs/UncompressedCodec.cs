using System.Buffers;

namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>Leaves the bytes as they are.</summary>
sealed class UncompressedCodec : ICodec
{
    public ParquetCodec Id => ParquetCodec.Uncompressed;

    public void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> target) => target.Write(source);

    public void Decompress(ReadOnlySpan<byte> source, int length, IBufferWriter<byte> target)
    {
        if (source.Length != length)
        {
            throw new InvalidDataException($"it has {source.Length} bytes, expected {length}");
        }

        target.Write(source);
    }
}
