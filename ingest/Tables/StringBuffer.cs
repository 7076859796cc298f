using System.Text;
using Pipeline.Stages;

namespace Pipeline.Ingest.Tables;

/// <summary>A column of UTF-8 text, held as one run of bytes, so that a million values are not a million objects.</summary>
public sealed class StringBuffer(Column column) : ColumnBuffer(column)
{
    byte[] bytes = new byte[256];
    int[] ends = new int[16];
    int count;

    public override int Count => count;

    /// <summary>The UTF-8 bytes of a row; empty for a null.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count);
            var start = row == 0 ? 0 : ends[row - 1];
            return bytes.AsSpan(start, ends[row] - start);
        }
    }

    /// <summary>Total size of the text.</summary>
    public int ByteCount => count == 0 ? 0 : ends[count - 1];

    public string Text(int row) => Encoding.UTF8.GetString(this[row]);

    /// <param name="utf8">Valid UTF-8; not checked here.</param>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Commit(utf8.Length);
    }

    public void Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Reserve(length));
        Commit(length);
    }

    internal override void Reserve(int rows, int textBytes)
    {
        GrowTo(ref ends, (long)count + rows);
        GrowTo(ref bytes, (long)ByteCount + textBytes);
    }

    /// <summary>Makes room for text of which there is a limit. What doubles may end at twice the limit, copied from an array as large as it.</summary>
    /// <param name="needed">Bytes that are added next.</param>
    /// <param name="most">Bytes that may still be added; these and those to come.</param>
    internal void MakeRoom(int needed, long most)
    {
        var all = ByteCount + most;
        if (needed > bytes.Length - ByteCount && bytes.Length > all / 4)
        {
            GrowTo(ref bytes, all);
        }
    }

    /// <summary>The text of some rows as it lies in memory, one row after the other.</summary>
    internal ReadOnlySpan<byte> Bytes(int firstRow, int rows)
    {
        var start = firstRow == 0 ? 0 : ends[firstRow - 1];
        return rows == 0 ? [] : bytes.AsSpan(start, ends[firstRow + rows - 1] - start);
    }

    protected override void AddDefault() => Commit(0);

    protected override void ClearValues() => count = 0;

    protected override void SwapValues(ColumnBuffer other)
    {
        var same = (StringBuffer)other;
        (bytes, same.bytes, ends, same.ends, count, same.count) = (same.bytes, bytes, same.ends, ends, same.count, count);
    }

    protected override void SpreadValues(ReadOnlySpan<bool> isNull, int first, int present)
    {
        Grow(ref ends, (long)first + isNull.Length);
        count = first + isNull.Length;
        for (var row = isNull.Length - 1; row >= 0; row--)
        {
            // A null ends where the value before it ends.
            var last = first + present - 1;
            ends[first + row] = last < 0 ? 0 : ends[last];
            present -= isNull[row] ? 0 : 1;
        }
    }

    Span<byte> Reserve(int length)
    {
        var start = ByteCount;
        if (start + (long)length > Array.MaxLength)
        {
            throw new PipelineException(
                ExitCode.OutOfSpace, $"Column '{Column.Name}' has more than 2 GiB of text in one group of rows; make the groups smaller.");
        }

        Grow(ref bytes, start + (long)length);
        return bytes.AsSpan(start, length);
    }

    void Commit(int length)
    {
        var end = ByteCount + length;
        if (count == ends.Length)
        {
            Grow(ref ends, count + 1L);
        }

        ends[count++] = end;
    }
}
