using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Adds the values of pages, nulls left out, to a column in memory.</summary>
abstract class ValueDecoder
{
    protected const int Block = 1024;

    readonly int[] positions = new int[Block];

    /// <param name="plain">All bytes of the page.</param>
    public abstract void ReadDictionary(ReadOnlySpan<byte> plain, int count);

    /// <summary>Adds so many values from the bytes of a page.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, too few or too many.</exception>
    /// <exception cref="NotSupportedException">The type has no such encoding.</exception>
    public abstract void Read(PageEncoding encoding, ReadOnlySpan<byte> body, int count);

    /// <summary>How many bytes of text were added.</summary>
    public virtual long TextBytes => 0;

    /// <param name="mostText">How many bytes of text may be added.</param>
    public static ValueDecoder Create(ColumnBuffer target, long mostText) => target switch
    {
        ColumnBuffer<bool> bools => new BoolDecoder(bools),
        ColumnBuffer<int> ints => new FixedDecoder<int>(ints),
        ColumnBuffer<long> longs => new FixedDecoder<long>(longs),
        ColumnBuffer<float> floats => new FixedDecoder<float>(floats),
        ColumnBuffer<double> doubles => new FixedDecoder<double>(doubles),
        StringBuffer texts => new TextDecoder(texts, mostText),
        _ => throw new ArgumentException($"There is no decoder for {target.GetType()}.", nameof(target)),
    };

    /// <summary>Adds values of the dictionary.</summary>
    protected abstract void AddEntries(ReadOnlySpan<int> positions);

    protected void ReadPositions(ReadOnlySpan<byte> body, int count)
    {
        if (body.IsEmpty || body[0] > 32)
        {
            throw new InvalidDataException("its dictionary positions have no width from 0 to 32");
        }

        var decoder = new RleDecoder(body[1..], body[0]);
        for (var left = count; left > 0;)
        {
            var part = positions.AsSpan(0, Math.Min(Block, left));
            decoder.Read(part);
            AddEntries(part);
            left -= part.Length;
        }
    }

    protected static NotSupportedException Unsupported(PageEncoding encoding) => new($"it has a page encoded as {encoding}, which its type does not have here");

    protected static void Expect(long found, long expected, string what)
    {
        if (found != expected)
        {
            throw new InvalidDataException($"it has {found} {what}, expected {expected}");
        }
    }

    protected static InvalidDataException NoEntry(int position, int entries) => new($"it names entry {position} of a dictionary that has {entries}");
}
