using System.Buffers;

namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>A way to compress pages. Keeps no state.</summary>
interface ICodec
{
    ParquetCodec Id { get; }

    /// <summary>Appends the compressed bytes.</summary>
    void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> target);

    /// <summary>Appends exactly the bytes that were compressed.</summary>
    /// <param name="length">What the file claims; memory is taken only as far as the source can bear it out.</param>
    /// <exception cref="InvalidDataException">The source is damaged or has another length.</exception>
    void Decompress(ReadOnlySpan<byte> source, int length, IBufferWriter<byte> target);
}
