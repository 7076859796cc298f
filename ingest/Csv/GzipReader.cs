using System.IO.Compression;

namespace Pipeline.Ingest.Csv;

/// <summary>Decompresses a gzip file, of one member or several, and notices where it is cut short or damaged.</summary>
/// <remarks>
/// .NET's stream ends without a word where the file ends, wherever that is. So a member of our own is read after the file: only if the
/// file is complete does the text end with what that member holds. Source: RFC 1952.
/// What unpacks to far more than any table does is refused: real files of H&amp;M are packed 2 to 10 times, the format allows 1,032 times.
/// </remarks>
sealed class GzipReader(Stream file) : Stream
{
    /// <summary>A text may be so many times as long as the file, once it is longer than <see cref="AlwaysAllowed"/>.</summary>
    const int MostTimes = 200, AlwaysAllowed = 16 << 20;

    static readonly byte[] Marker = [.. "\0end of the file\0"u8];

    readonly GZipStream text = new(new Followed(file, Compress(Marker)), CompressionMode.Decompress);
    readonly byte[] buffer = new byte[1 << 16];
    int start, end;
    long unpacked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] target, int offset, int count) => Read(target.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">The file is cut short or damaged, or a bomb.</exception>
    public override int Read(Span<byte> target)
    {
        // The last bytes are held back, for they may be the marker.
        while (end - start <= Marker.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = text.Read(buffer.AsSpan(end));
            if (read == 0)
            {
                return buffer.AsSpan(0, end).SequenceEqual(Marker) ? 0 : throw new InvalidDataException("its compressed data are cut short, or something else follows them.");
            }

            end += read;
            unpacked += read;
            if (unpacked > AlwaysAllowed && unpacked / MostTimes > file.Position)
            {
                throw new InvalidDataException($"its {file.Position:N0} bytes unpack to more than {MostTimes} times as many, which no table does.");
            }
        }

        var count = Math.Min(target.Length, end - start - Marker.Length);
        buffer.AsSpan(start, count).CopyTo(target);
        start += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        text.Dispose();
        base.Dispose(disposing);
    }

    static byte[] Compress(byte[] bytes)
    {
        using var member = new MemoryStream();
        using (var compressor = new GZipStream(member, CompressionLevel.Fastest))
        {
            compressor.Write(bytes);
        }

        return member.ToArray();
    }

    /// <summary>A stream, and some bytes after its end.</summary>
    sealed class Followed(Stream first, byte[] then) : Stream
    {
        readonly MemoryStream last = new(then);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] target, int offset, int count) => Read(target.AsSpan(offset, count));

        public override int Read(Span<byte> target) => first.Read(target) is var read and > 0 ? read : last.Read(target);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            first.Dispose();
            last.Dispose();
            base.Dispose(disposing);
        }
    }
}
