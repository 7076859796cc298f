using System.IO.Compression;
using System.Text;

namespace Pipeline.Lab.Csv;

/// <summary>Files that somebody's program has written, or will, and what they have to be read as.</summary>
static class CsvCases
{
    const string Refused = "!";

    const int RowLimit = 1 << 20;

    static readonly string Long = new('x', RowLimit / 2);

    public static IReadOnlyList<CsvCase> List { get; } =
    [
        new("a plain file", "a,b,c\n1,2,3\n4,5,6\n", "1|2|3/4|5|6"),
        new("no line break at the end", "a,b,c\n1,2,3", "1|2|3"),
        new("a header and no row", "a,b,c\n", ""),
        new("a header without a line break", "a,b,c", ""),
        new("nothing", "", Refused),
        new("one line break", "\n", Refused),
        new("blanks only", "   \n", Refused),
        new("a mark of byte order and nothing", "\uFEFF", Refused),
        new("a mark of byte order", "\uFEFFa,b,c\n1,2,3\n", "1|2|3"),
        new("two marks of byte order", "\uFEFF\uFEFFa,b,c\n1,2,3\n", Refused),
        new("a mark of byte order in the middle", "a,b,c\n1,\uFEFF2,3\n", "1|\uFEFF2|3"),
        new("CRLF", "a,b,c\r\n1,2,3\r\n", "1|2|3"),
        new("CR alone", "a,b,c\r1,2,3\r4,5,6\r", "1|2|3/4|5|6"),
        new("three kinds of line breaks", "a,b,c\r\n1,2,3\n4,5,6\r7,8,9\r\n", "1|2|3/4|5|6/7|8|9"),
        new("CRCRLF", "a,b,c\r\r\n1,2,3\r\r\n", "1|2|3"),
        new("empty lines between", "a,b,c\n\n1,2,3\n\n\n4,5,6\n\n", "1|2|3/4|5|6"),
        new("empty lines before the header", "\n\na,b,c\n1,2,3\n", null),
        new("a line of a blank", "a,b,c\n \n1,2,3\n", "1|2|3 +1"),
        new("a line of commas", "a,b,c\n,,\n", "||"),
        new("a last line of a cell", "a,b,c\n1,2,3\n4", "1|2|3 +1"),
        new("a row too short", "a,b,c\n1,2\n4,5,6\n", "4|5|6 +1"),
        new("a row too long", "a,b,c\n1,2,3,4\n4,5,6\n", "4|5|6 +1"),
        new("a comma at the end of each line", "a,b,c,\n1,2,3,\n", "1|2|3"),
        new("a comma at the end of rows alone", "a,b,c\n1,2,3,\n", " +1"),
        new("ten thousand cells", "a,b,c\n" + new string(',', 10_000) + "\n1,2,3\n", "1|2|3 +1"),
        new("ten thousand columns", "a,b,c" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $",x{i}")) + "\n1,2,3" + new string(',', 10_000) + "\n", "1|2|3"),
        new("quoted cells", "a,b,c\n\"1\",\"2\",\"3\"\n", "1|2|3"),
        new("a quoted header", "\"a\",\"b\",\"c\"\n1,2,3\n", "1|2|3"),
        new("quoted commas", "a,b,c\n\"1,1\",2,3\n", "1,1|2|3"),
        new("quoted line breaks", "a,b,c\n\"1\n1\",2,3\n", "1\n1|2|3"),
        new("a quoted CRLF", "a,b,c\r\n\"1\r\n1\",2,3\r\n", "1\r\n1|2|3"),
        new("a quoted CR", "a,b,c\n\"1\r1\",2,3\n", "1\r1|2|3"),
        new("doubled quotes", "a,b,c\n\"1\"\"1\",2,3\n", "1\"1|2|3"),
        new("a cell of a quote", "a,b,c\n\"\"\"\",2,3\n", "\"|2|3"),
        new("a cell of quotes", "a,b,c\n\"\"\"\"\"\",2,3\n", "\"\"|2|3"),
        new("empty quotes", "a,b,c\n\"\",\"\",\"\"\n", "||"),
        new("a quote inside a cell", "a,b,c\n1\"1,2,3\n4,5,6\n", "4|5|6 +1"),
        new("a quote at the end of a cell", "a,b,c\n1\",2,3\n4,5,6\n", "4|5|6 +1"),
        new("text behind a closing quote", "a,b,c\n\"1\"x,2,3\n4,5,6\n", "4|5|6 +1"),
        new("a blank behind a closing quote", "a,b,c\n\"1\" ,2,3\n4,5,6\n", "4|5|6 +1"),
        new("a blank before an opening quote", "a,b,c\n \"1\",2,3\n4,5,6\n", "4|5|6 +1"),
        new("a quote that is never closed", "a,b,c\n1,2,3\n\"4,5,6\n7,8,9\n", Refused),
        new("a quote that is never closed in the header", "\"a,b,c\n1,2,3\n", Refused),
        new("a quote as the last byte", "a,b,c\n1,2,\"", Refused),
        new("quotes with a backslash", "a,b,c\n\"1\\\"1\",2,3\n4,5,6\n", null),
        new("single quotes are text", "a,b,c\n'1',2,3\n", "'1'|2|3"),
        new("blanks are text", "a,b,c\n 1 , 2,3 \n", " 1 | 2|3 "),
        new("tabs are text", "a,b,c\n\t1,2\t,3\n", "\t1|2\t|3"),
        new("a header with blanks", "a, b,c\n1,2,3\n", Refused),
        new("a header in capitals", "A,B,C\n1,2,3\n", Refused),
        new("a header in another order", "c,a,b\n3,1,2\n", "1|2|3"),
        new("a header with more columns", "x,a,y,b,c\n0,1,0,2,3\n", "1|2|3"),
        new("a header with a column twice", "a,b,c,a\n1,2,3,4\n", Refused),
        new("a header with empty names", "a,,b,,c\n1,,2,,3\n", "1|2|3"),
        new("a header that lacks a column", "a,b\n1,2\n", Refused),
        new("semicolons", "a;b;c\n1;2;3\n", Refused),
        new("tabs for commas", "a\tb\tc\n1\t2\t3\n", Refused),
        new("a line that tells the separator", "sep=,\na,b,c\n1,2,3\n", "1|2|3"),
        new("a comment", "# by hand\na,b,c\n1,2,3\n", Refused),
        new("a hash in a row", "a,b,c\n#1,2,3\n", "#1|2|3"),
        new("a zero byte in a cell", "a,b,c\n1\0,2,3\n", "1\0|2|3"),
        new("zero bytes at the end", "a,b,c\n1,2,3\n\0\0\0\0", "1|2|3 +1"),
        new("a page of zero bytes", new string('\0', 4096), Refused),
        new("the end-of-file mark of old systems", "a,b,c\n1,2,3\n\u001A", "1|2|3 +1"),
        new("separators of Unicode are text", "a,b,c\n1\u2028,2\u2029,3\u0085\n", "1\u2028|2\u2029|3\u0085"),
        new("vertical tabs and form feeds are text", "a,b,c\n1\v,2\f,3\n", "1\v|2\f|3"),
        new("characters beyond 16 bits", "a,b,c\n👍🏽,日本,é\n", "👍🏽|日本|é"),
        new("combining marks stay as they are", "a,b,c\ne\u0301,\u00E9,3\n", "e\u0301|\u00E9|3"),
        new("formulas are text", "a,b,c\n=1+1,@x,-3\n", "=1+1|@x|-3"),
        new("a row just below the limit", $"a,b,c\n{Long},{Long[..^10]},3\n", $"{Long}|{Long[..^10]}|3"),
        new("a row beyond the limit", $"a,b,c\n{Long},{Long},{Long}\n1,2,3\n", Refused),
        new("a cell of ten megabytes", $"a,b,c\n{new string('y', 10 << 20)},2,3\n", Refused),
        new("a header far beyond the limit", $"a,b,c,{Long}{Long}{Long}{Long}{Long}\n1,2,3,4\n", null),
        new("a quote that is never closed in the header of a large file", "\"a,b,c\n" + new string('x', 8 << 20), Refused),
        Bytes("a byte that is no UTF-8", [.. "a,b,c\n1"u8, 0xFF, .. ",2,3\n4,5,6\n"u8], "4|5|6 +1"),
        Bytes("Latin-1", [.. "a,b,c\n"u8, 0xE9, .. ",2,3\n4,5,6\n"u8], "4|5|6 +1"),
        Bytes("a character cut by the end", [.. "a,b,c\n1,2,"u8, 0xE2, 0x82], " +1"),
        Bytes("a quote in an overlong form", [.. "a,b,c\n"u8, 0xC0, 0xA2, .. ",2,3\n"u8], " +1"),
        Bytes("UTF-16 with its mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b,c\n1,é,3\n")], "1|é|3"),
        Bytes("UTF-16 the other way round", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("a,b,c\n1,é,3\n")], "1|é|3"),
        Bytes("UTF-16 without its mark", Encoding.Unicode.GetBytes("a,b,c\n1,2,3\n"), Refused),
        Bytes("UTF-16 cut inside a character", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b,c\n1,2,3")[..^1]], null),
        Bytes("UTF-32 with its mark", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes("a,b,c\n1,é,3\n")], "1|é|3"),
        Bytes("gzip under a name without it", Gzip("a,b,c\n1,2,3\n"), Refused),
        Packed("gzip", Gzip("a,b,c\n1,2,3\n"), "1|2|3"),
        Packed("gzip in two members", [.. Gzip("a,b,c\n1,"), .. Gzip("2,3\n")], "1|2|3"),
        Packed("gzip with an empty member", [.. Gzip(""), .. Gzip("a,b,c\n1,2,3\n")], "1|2|3"),
        Packed("gzip of nothing", Gzip(""), Refused),
        Packed("an empty file for gzip", [], Refused),
        Packed("plain text for gzip", [.. "a,b,c\n1,2,3\n"u8], Refused),
        Packed("gzip with bytes behind it", [.. Gzip("a,b,c\n1,2,3\n"), 1, 2, 3], Refused),
        Packed("gzip with zeros behind it", [.. Gzip("a,b,c\n1,2,3\n"), .. new byte[512]], null),
        Packed("gzip with a wrong checksum", Change(Gzip("a,b,c\n1,2,3\n"), -8), Refused),
        Packed("gzip with a wrong length", Change(Gzip("a,b,c\n1,2,3\n"), -4), null),
        Packed("gzip of a line of 256 MiB", Gzip(new string('z', 1 << 20), 256), Refused),
        Packed("gzip of 16 MiB of empty lines", Gzip(new string('\n', 1 << 20), 16), null),
    ];

    /// <summary>A sound file, for each length that it can be cut to.</summary>
    public static byte[] ToCut { get; } = Gzip("a,b,c\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * 7919},\"x{i}\"\n")));

    static CsvCase Bytes(string name, byte[] bytes, string? expected) => new(name, bytes, expected, "table.csv");

    static CsvCase Packed(string name, byte[] bytes, string? expected) => new(name, bytes, expected, "table.csv.gz");

    static byte[] Change(byte[] bytes, int fromEnd)
    {
        bytes[bytes.Length + fromEnd] ^= 1;
        return bytes;
    }

    static byte[] Gzip(string text, int times = 1)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var i = 0; i < times; i++)
            {
                stream.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}

/// <param name="Expected">As <see cref="CsvReading.ToString"/> shows it; "!" if the file is refused; null where either will do.</param>
sealed record CsvCase(string Name, byte[] Bytes, string? Expected, string File)
{
    public CsvCase(string name, string text, string? expected)
        : this(name, Encoding.UTF8.GetBytes(text), expected, "table.csv")
    {
    }
}
