using System.Text;

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
        NoteValue();
    }

    public void Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Reserve(length));
        Commit(length);
        NoteValue();
    }

    protected override void AddDefault() => Commit(0);

    protected override void ClearValues() => count = 0;

    Span<byte> Reserve(int length)
    {
        var start = ByteCount;
        if (start + length > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, start + length));
        }

        return bytes.AsSpan(start, length);
    }

    void Commit(int length)
    {
        var end = ByteCount + length;
        if (count == ends.Length)
        {
            Array.Resize(ref ends, count * 2);
        }

        ends[count++] = end;
    }
}
