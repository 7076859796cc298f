using System.Collections;

namespace Pipeline.Ingest.Tables;

/// <summary>Texts that stay UTF-8 in one run of bytes until one is asked for, so that a million ids are not a million objects.</summary>
public sealed class TextColumn(StringBuffer texts) : IReadOnlyList<string>
{
    public int Count => texts.Count;

    /// <summary>A new string at each call; <see cref="Utf8"/> makes none.</summary>
    public string this[int row] => texts.Text(row);

    /// <returns>The list itself if it is such a column, else a copy of it.</returns>
    public static TextColumn Of(IReadOnlyList<string> texts)
    {
        if (texts is TextColumn column)
        {
            return column;
        }

        var buffer = new StringBuffer(new Column("text", ColumnType.String));
        foreach (var text in texts)
        {
            buffer.Add(text);
        }

        return new TextColumn(buffer);
    }

    public ReadOnlySpan<byte> Utf8(int row) => texts[row];

    public IEnumerator<string> GetEnumerator()
    {
        for (var row = 0; row < Count; row++)
        {
            yield return this[row];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
