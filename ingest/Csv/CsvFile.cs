using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Pipeline.Stages;

namespace Pipeline.Ingest.Csv;

/// <summary>
/// A comma-separated file with a header, read row by row: the columns that the caller named, in the caller's order, whatever
/// their order in the file. Other columns are ignored.
/// </summary>
/// <remarks>
/// UTF-8, UTF-16 or UTF-32 with a byte order mark, else UTF-8; LF, CRLF or CR; quotes after RFC 4180; compressed if its name ends with .gz.
/// What breaks these rules is never repaired: a guess here would be a wrong number in a report. It is refused with
/// <see cref="ExitCode.InputMissing"/> or, row by row, put in a <see cref="Quarantine"/> where there is one: then a wrong cell reads as
/// its type's default, and the caller asks <see cref="Accept"/> when all cells of the row were read.
/// </remarks>
public sealed class CsvFile : IDisposable
{
    /// <summary>Longer rows are refused. An unclosed quote would otherwise pull the rest of the file into memory.</summary>
    const int MaxRowBytes = 1 << 20;

    readonly string name;
    readonly IReadOnlyList<string> columns;
    readonly CsvReader reader;
    readonly int[] positions;
    readonly string header;
    readonly int cells;
    readonly Quarantine? quarantine;
    readonly Func<long> position;
    CsvMalformedRecord? malformed;
    (string Kind, string Reason)? fault;

    /// <summary>Opens the file and reads its header.</summary>
    /// <param name="folder">Where <paramref name="name"/> lies.</param>
    /// <param name="name">Path of the file below the folder, as error messages show it: "playlists/jazz.csv".</param>
    /// <param name="columns">The columns to read. Cells are asked for by their place in this list.</param>
    /// <exception cref="PipelineException">The file is absent, unreadable or empty, or lacks one of the columns.</exception>
    public CsvFile(string folder, string name, params IReadOnlyList<string> columns)
        : this(folder, name, columns, [], null)
    {
    }

    /// <summary>Opens the file and reads its header.</summary>
    /// <param name="folder">Where <paramref name="name"/> lies.</param>
    /// <param name="name">Path of the file below the folder, as error messages show it: "articles.csv.gz".</param>
    /// <param name="columns">The columns to read. Cells are asked for by their place in this list.</param>
    /// <param name="optional">Columns that may be absent; those that are there follow in this order, see <see cref="Columns"/>.</param>
    /// <param name="quarantine">Where rows go that cannot be read; null to refuse the file for the first of them.</param>
    /// <exception cref="PipelineException">The file is absent, unreadable or empty, or lacks one of the columns.</exception>
    public CsvFile(string folder, string name, IReadOnlyList<string> columns, IReadOnlyList<string> optional, Quarantine? quarantine)
    {
        (this.name, this.columns, this.quarantine) = (name, columns, quarantine);
        var path = Path.Combine(folder, name);
        try
        {
            reader = CreateReader(CsvStream.Open(path, out position));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} cannot be read: {cause.Message}", cause);
        }

        (this.columns, positions, header, cells) = ReadHeader(path, optional);
    }

    /// <summary>Reads the header of text that lies in no file.</summary>
    /// <param name="text">Closed with this.</param>
    /// <param name="name">As error messages show it: "standard input".</param>
    /// <param name="columns">The columns to read. Cells are asked for by their place in this list.</param>
    /// <exception cref="PipelineException">The text is empty, or lacks one of the columns.</exception>
    public CsvFile(Stream text, string name, params IReadOnlyList<string> columns)
    {
        (this.name, this.columns, position) = (name, columns, () => text.Position);
        reader = CreateReader(text);
        (this.columns, positions, header, cells) = ReadHeader(name, []);
    }

    /// <summary>Line of the file where the current row starts, from 1, as editors count.</summary>
    public long LineNumber => reader.LineNumber;

    /// <summary>The columns that are read: all that were asked for, then the optional ones that are there.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>All columns of the file, in its order.</summary>
    public IReadOnlyList<string> Header => [.. reader.Headers];

    /// <summary>Rows that were accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Bytes of the file that have been read, compressed as they lie there.</summary>
    public long BytesRead => position();

    /// <summary>Moves to the next row; empty lines are passed over, and so are rows that go to the quarantine for their form.</summary>
    /// <returns>False after the last row.</returns>
    /// <exception cref="PipelineException">Without a quarantine: the row has more or fewer cells than the header, or its quotes do not match.</exception>
    public bool Read()
    {
        while (Advance())
        {
            if (fault is null && reader.FieldCount == cells)
            {
                return true;
            }

            if (quarantine is null)
            {
                throw Refused($"{name}({LineNumber}): expected {cells} cells ({Short(header)}), found {reader.FieldCount}: '{Short(reader.RawRecord)}'.");
            }

            fault ??= ("another number of cells than the header", $"expected {cells} cells ({Short(header)}), found {reader.FieldCount}");
            Accept();
        }

        return false;
    }

    /// <summary>Says that all cells of the row were read.</summary>
    /// <returns>False if one of them was wrong: then the row is in the quarantine.</returns>
    public bool Accept()
    {
        if (fault is not var (kind, reason))
        {
            Accepted++;
            return true;
        }

        quarantine!.Add(LineNumber, reader.ByteOffset, kind, reason, reader.RawRecord);
        fault = null;
        return false;
    }

    /// <summary>The bytes of a cell without its quotes. Valid until the next row.</summary>
    /// <exception cref="PipelineException">Without a quarantine: they are not UTF-8.</exception>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = Raw(column);
        if (Utf8.IsValid(bytes))
        {
            return bytes;
        }

        Fail(column, "is not UTF-8 text", "is not UTF-8 text");
        return [];
    }

    /// <summary>The bytes of a cell without its quotes, whatever they are. Valid until the next row.</summary>
    public ReadOnlySpan<byte> Raw(int column) => reader.GetSpan(positions[column]);

    /// <exception cref="PipelineException">Without a quarantine: the cell is not UTF-8.</exception>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <exception cref="PipelineException">Without a quarantine: the cell is empty, or not a finite number with a decimal point.</exception>
    public double Number(int column) => DecimalText.TryParse(Raw(column), out var value) ? value : Not(column, "a finite number", 0.0);

    /// <exception cref="PipelineException">Without a quarantine: the cell is empty, or not a whole number that fits 32 bits.</exception>
    public int Integer(int column)
    {
        var bytes = Raw(column);
        return Utf8Parser.TryParse(bytes, out int value, out var used) && used == bytes.Length ? value : Not(column, "a whole number", 0);
    }

    /// <returns>Days since 1970-01-01.</returns>
    /// <exception cref="PipelineException">Without a quarantine: the cell is no date of the form 2018-09-20.</exception>
    public int Date(int column) => IsoDate.TryParse(Raw(column), out var days) ? days : Not(column, "a date (yyyy-MM-dd)", 0);

    /// <summary>A cell that is not what the caller takes for granted.</summary>
    /// <param name="what">"10 digits"</param>
    /// <param name="value">What to go on with.</param>
    /// <returns>The value, if there is a quarantine.</returns>
    /// <exception cref="PipelineException">Without a quarantine.</exception>
    public T Not<T>(int column, string what, T value)
    {
        Fail(column, $"is '{Short(Raw(column))}'; it must be {what}", $"is not {what}");
        return value;
    }

    public void Dispose() => reader.Dispose();

    /// <summary>For checks of the caller on a cell of this row.</summary>
    /// <param name="message">What follows the column's name: "is '7'; it must be 0 or 1".</param>
    public PipelineException Wrong(int column, string message) => Refused($"{name}({LineNumber}): {columns[column]} {message}.");

    void Fail(int column, string message, string kind)
    {
        if (quarantine is null)
        {
            throw Wrong(column, message);
        }

        fault ??= ($"{columns[column]} {kind}", $"{columns[column]} {message}");
    }

    int[] Find(IReadOnlyList<string> found, IReadOnlyList<string> columns, string header)
    {
        var missing = columns.Where(column => !found.Contains(column)).ToArray();
        if (missing.Length > 0)
        {
            throw Refused(
                $"{name}: columns missing: {string.Join(", ", missing)}. Found: {Short(header)}. Expected: {string.Join(',', columns)} in any order.");
        }

        var twice = columns.FirstOrDefault(column => found.Count(other => other == column) > 1);
        return twice is null
            ? [.. columns.Select(column => found.Index().First(other => other.Item == column).Index)]
            : throw Refused($"{name}: two columns are named {twice}. Found: {Short(header)}.");
    }

    CsvReader CreateReader(Stream text) => CsvReader.Create(text, CsvReaderOptions.Default with
    {
        Separator = ',',
        TrackLineNumbers = true,
        MaxRecordSize = MaxRowBytes,
        OnMalformedRecord = record => malformed ??= record,
    });

    (IReadOnlyList<string> Columns, int[] Positions, string Header, int Cells) ReadHeader(string path, IReadOnlyList<string> optional)
    {
        try
        {
            Advance(toHeader: true);
            var found = reader.Headers;
            if (found.Count == 0)
            {
                throw Refused($"{path} is empty; expected a header{(columns.Count > 0 ? $" with {string.Join(", ", columns)}" : "")}.");
            }

            var text = string.Join(',', found);
            IReadOnlyList<string> all = [.. columns, .. optional.Where(found.Contains)];
            return (all, Find(found, all, text), text, found.Count);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Moves on, and turns what the reader cannot make sense of into an error that names file and line.</summary>
    bool Advance(bool toHeader = false)
    {
        var hasRow = true;
        try
        {
            if (toHeader)
            {
                reader.ReadHeader();
            }
            else
            {
                hasRow = reader.Read();
            }
        }
        catch (CsvFormatException cause)
        {
            // The only one left: broken quotes come through OnMalformedRecord, and cells are counted here.
            throw new PipelineException(
                ExitCode.InputMissing,
                $"{name}({cause.LineNumber}): a row of more than {MaxRowBytes:N0} bytes; expected less. Look for a quote that is never closed.",
                cause);
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or DecoderFallbackException)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"{name} cannot be read to its end, after {BytesRead:N0} bytes and {Accepted:N0} rows: {cause.Message} Get the file again.", cause);
        }

        if (malformed is not { } record)
        {
            return hasRow;
        }

        // A quote that is never closed swallows all rows after it: that is no row to put aside.
        if (quarantine is null || toHeader || !hasRow || record.Reason == CsvMalformedReason.UnterminatedQuote)
        {
            throw Refused($"{name}({record.LineNumber}): {Explain(record.Reason)} at byte {record.ByteOffset}: '{Short(record.RawRecord)}'.");
        }

        malformed = null;
        fault = (Explain(record.Reason), $"{Explain(record.Reason)} at byte {record.ByteOffset}");
        return true;
    }

    static string Explain(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.StrayQuote => "a quote inside a cell that does not start with one",
        CsvMalformedReason.TextAfterClosingQuote => "text after a closing quote",
        CsvMalformedReason.UnterminatedQuote => "a quote that is never closed",
        _ => $"malformed text ({reason})",
    };

    static PipelineException Refused(string message) => new(ExitCode.InputMissing, message);

    static string Short(ReadOnlySpan<byte> utf8) => Short(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 400)]));

    /// <summary>Enough of a text to recognise it, on one line and without control characters.</summary>
    static string Short(string text)
    {
        const int Most = 120;
        var line = string.Concat(text.Take(Most).Select(character => char.IsControl(character) ? ' ' : character));
        return text.Length > Most ? line + "..." : line;
    }
}
