using Microsoft.Win32.SafeHandles;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Gives pieces of a file, and reads ahead so that neighbouring pieces cost one read.</summary>
/// <param name="end">Nothing is read from here on. Not beyond the file.</param>
sealed class FileWindow(SafeFileHandle file, long end)
{
    const int ReadAhead = 1 << 18;

    byte[] buffer = [];
    long start;
    int length;

    public long End => end;

    /// <summary>So many bytes from an offset on, all before the end; valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(long offset, int count)
    {
        if (offset < start || offset + count > start + length)
        {
            Fill(offset, (int)Math.Min(Math.Max(count, ReadAhead), end - offset));
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
