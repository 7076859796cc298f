using Microsoft.Win32.SafeHandles;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Gives pieces of a file, and reads ahead so that neighbouring pieces cost one read.</summary>
sealed class FileWindow(SafeFileHandle file)
{
    const int ReadAhead = 1 << 18;

    byte[] buffer = [];
    long start;
    int length;

    /// <summary>The bytes at an offset; valid until the next call.</summary>
    /// <param name="limit">Nothing is read from here on. At least offset + count, and not beyond the file.</param>
    public ReadOnlySpan<byte> Read(long offset, int count, long limit)
    {
        if (offset < start || offset + count > start + length)
        {
            Fill(offset, (int)Math.Min(Math.Max(count, ReadAhead), limit - offset));
        }

        return buffer.AsSpan((int)(offset - start), count);
    }

    void Fill(long offset, int count)
    {
        if (buffer.Length < count)
        {
            buffer = GC.AllocateUninitializedArray<byte>(count);
        }

        (start, length) = (offset, 0);
        while (length < count)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(length, count - length), offset + length);
            if (read == 0)
            {
                throw new InvalidDataException("the file has become shorter");
            }

            length += read;
        }
    }
}
