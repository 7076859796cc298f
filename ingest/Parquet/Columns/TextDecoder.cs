using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Text, which must be valid UTF-8.</summary>
/// <param name="mostText">How many bytes of text may be added: an entry of a dictionary, or the start of the text before, takes no byte to repeat.</param>
sealed class TextDecoder(StringBuffer target, long mostText) : ValueDecoder
{
    readonly StringBuffer dictionary = new(target.Column);
    readonly int before = target.ByteCount;

    public override long TextBytes => target.ByteCount - before;

    public override void ReadDictionary(ReadOnlySpan<byte> plain, int count)
    {
        // Each entry has four bytes of length, so the count is proven or wrong.
        if (count < 0 || count > plain.Length / 4)
        {
            throw new InvalidDataException($"it has a dictionary of {count} entries in {plain.Length} bytes");
        }

        dictionary.Reserve(count, plain.Length - count * 4);
        ReadPlain(plain, count, dictionary);
        CheckText(dictionary, 0);
    }

    public override void Read(PageEncoding encoding, ReadOnlySpan<byte> body, int count)
    {
        var first = target.Count;
        switch (encoding)
        {
            case PageEncoding.RleDictionary or PageEncoding.PlainDictionary:
                ReadPositions(body, count);
                return;
            case PageEncoding.Plain:
                ReadPlain(body, count, target);
                break;
            case PageEncoding.DeltaLengthByteArray:
                ReadDeltaLength(body, count);
                break;
            case PageEncoding.DeltaByteArray:
                ReadDeltaText(body, count);
                break;
            default:
                throw Unsupported(encoding);
        }

        CheckText(target, first);
    }

    protected override void AddEntries(ReadOnlySpan<int> positions)
    {
        foreach (var position in positions)
        {
            Add((uint)position < (uint)dictionary.Count ? dictionary[position] : throw NoEntry(position, dictionary.Count));
        }
    }

    /// <summary>Adds a text that need not lie in the file as often as it is there.</summary>
    void Add(ReadOnlySpan<byte> text)
    {
        var left = mostText - TextBytes;
        if (text.Length > left)
        {
            throw TooLong();
        }

        target.MakeRoom(text.Length, left);
        target.Add(text);
    }

    InvalidDataException TooLong() => new($"it repeats texts until they are longer than {mostText} bytes; more is not believed of so small a file");

    static void ReadPlain(ReadOnlySpan<byte> body, int count, StringBuffer to)
    {
        for (var i = 0; i < count; i++)
        {
            var length = body.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(body);
            if (length > body.Length - 4)
            {
                throw new InvalidDataException($"its text ends inside value {i} of {count}");
            }

            to.Add(body.Slice(4, (int)length));
            body = body[(4 + (int)length)..];
        }

        Expect(body.Length, 0, "bytes behind its last text");
    }

    void ReadDeltaLength(ReadOnlySpan<byte> body, int count)
    {
        var lengths = ReadNumbers(body, count, out var end);
        var rest = body[end..];
        foreach (var length in lengths)
        {
            target.Add(Take(ref rest, length));
        }

        Expect(rest.Length, 0, "bytes behind its last text");
    }

    /// <summary>Each text is a start of the one before and an end of its own.</summary>
    void ReadDeltaText(ReadOnlySpan<byte> body, int count)
    {
        var starts = ReadNumbers(body, count, out var end);
        var rest = body[end..];
        var lengths = ReadNumbers(rest, count, out end);
        rest = rest[end..];
        var text = Array.Empty<byte>();
        var textLength = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            var ending = Take(ref rest, lengths[i]);
            if (starts[i] < 0 || starts[i] > textLength)
            {
                throw new InvalidDataException($"a text starts with {starts[i]} bytes of one that has {textLength}");
            }

            textLength = (int)starts[i] + ending.Length;
            if (text.Length < textLength)
            {
                Array.Resize(ref text, Math.Max(textLength, text.Length * 2));
            }

            ending.CopyTo(text.AsSpan((int)starts[i]));
            Add(text.AsSpan(0, textLength));
        }

        Expect(rest.Length, 0, "bytes behind its last text");
    }

    ReadOnlySpan<long> ReadNumbers(ReadOnlySpan<byte> body, int count, out int end)
    {
        var decoder = new DeltaDecoder(body);
        Expect(decoder.Count, count, "lengths");

        // A million equal lengths are a few bytes, and eight million here.
        if (sizeof(long) * (long)count > mostText - TextBytes)
        {
            throw TooLong();
        }

        var numbers = new List<long>();
        Span<long> block = stackalloc long[Block];
        while (numbers.Count < count)
        {
            var part = block[..Math.Min(Block, count - numbers.Count)];
            decoder.Read(part);
            numbers.AddRange(part);
        }

        end = decoder.Position;
        return CollectionsMarshal.AsSpan(numbers);
    }

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, long length)
    {
        if (length < 0 || length > rest.Length)
        {
            throw new InvalidDataException($"a text of {length} bytes exceeds the {rest.Length} left");
        }

        var text = rest[..(int)length];
        rest = rest[(int)length..];
        return text;
    }

    static void CheckText(StringBuffer rows, int first)
    {
        if (Utf8Text.FindInvalid(rows, first, rows.Count - first) is var row && row >= 0)
        {
            throw new InvalidDataException($"its value {row - first} is not valid UTF-8");
        }
    }
}
