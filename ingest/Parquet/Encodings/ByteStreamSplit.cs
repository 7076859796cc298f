using System.Runtime.InteropServices;

namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Reads BYTE_STREAM_SPLIT: first the lowest bytes of all values, then the second ones, and so on.</summary>
static class ByteStreamSplit
{
    /// <param name="bytes">Exactly as many as the values have.</param>
    public static void Read<T>(ReadOnlySpan<byte> bytes, Span<T> values)
        where T : unmanaged
    {
        var target = MemoryMarshal.AsBytes(values);
        var width = target.Length / Math.Max(values.Length, 1);
        for (var part = 0; part < width; part++)
        {
            var stream = bytes.Slice(part * values.Length, values.Length);
            for (var i = 0; i < stream.Length; i++)
            {
                target[i * width + part] = stream[i];
            }
        }
    }
}
