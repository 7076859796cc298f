using System.Text.Unicode;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>UTF-8 without decoding it.</summary>
static class Utf8Text
{
    /// <returns>The first row whose text is not valid UTF-8, or -1.</returns>
    public static int FindInvalid(StringBuffer rows, int firstRow, int rowCount)
    {
        // Fast where all is well: the whole is valid and no text starts inside a character.
        var isValid = Utf8.IsValid(rows.Bytes(firstRow, rowCount));
        for (var row = firstRow; isValid && row < firstRow + rowCount; row++)
        {
            isValid = rows[row] is [] or [< 0x80, ..] or [>= 0xC0, ..];
        }

        for (var row = firstRow; !isValid && row < firstRow + rowCount; row++)
        {
            if (!Utf8.IsValid(rows[row]))
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>The longest start of whole characters that has so many bytes at most. Not above the text.</summary>
    public static ReadOnlySpan<byte> Shorten(ReadOnlySpan<byte> text, int maxBytes)
    {
        var length = Math.Min(text.Length, maxBytes);
        while (length > 0 && length < text.Length && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }

    /// <summary>A short text above a longer one: its start, with the last character that can be raised by one raised.</summary>
    /// <returns>Null if no ASCII character is there to be raised.</returns>
    public static byte[]? Above(ReadOnlySpan<byte> text, int maxBytes)
    {
        var start = Shorten(text, maxBytes);
        var last = start.LastIndexOfAnyInRange((byte)0, (byte)0x7E);
        if (last < 0)
        {
            return null;
        }

        var above = start[..(last + 1)].ToArray();
        above[last]++;
        return above;
    }
}
