using System.Buffers;
using System.IO.Compression;

namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>GZIP, by the runtime.</summary>
sealed class GzipCodec : ICodec
{
    const int Step = 1 << 16;

    public ParquetCodec Id => ParquetCodec.Gzip;

    public void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(source);
        }

        target.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }

    public void Decompress(ReadOnlySpan<byte> source, int length, IBufferWriter<byte> target)
    {
        using var compressed = new MemoryStream(source.ToArray());
        using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
        for (var left = length; left > 0;)
        {
            var read = gzip.Read(target.GetSpan(Math.Min(left, Step))[..Math.Min(left, Step)]);
            if (read == 0)
            {
                throw new InvalidDataException($"its gzip stream ends {left} bytes early");
            }

            target.Advance(read);
            left -= read;
        }

        if (gzip.ReadByte() >= 0)
        {
            throw new InvalidDataException($"its gzip stream is longer than {length} bytes");
        }
    }
}
