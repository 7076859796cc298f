namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Reads DELTA_BINARY_PACKED: differences of neighbours, less the smallest of their block, bit-packed per miniblock.</summary>
/// <remarks>
/// <code>block size, miniblocks per block, count, first value; then blocks: smallest delta, a width per miniblock, miniblocks</code>
/// Sums wrap around, as the format demands. Source: Apache Parquet, "Encodings"; Lemire and Boytsov 2015.
/// </remarks>
ref struct DeltaDecoder
{
    // Far above any writer's choice (128 .. 2048); keeps all products below within 32 bits.
    const int MaxBlock = 1 << 20;

    readonly ReadOnlySpan<byte> bytes;
    readonly int miniblocksPerBlock, valuesPerMiniblock;
    ReadOnlySpan<byte> widths;
    int position, miniblock, leftInMiniblock, width;
    long value, smallest, nextBit, leftInAll;
    bool isFirst = true;

    public DeltaDecoder(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        var block = Varint.Read(bytes, ref position);
        var miniblocks = Varint.Read(bytes, ref position);
        var count = Varint.Read(bytes, ref position);
        value = Varint.ReadZigZag(bytes, ref position);
        if (block is 0 or > MaxBlock || miniblocks == 0 || block % miniblocks != 0 || block / miniblocks % 8 != 0 || count > int.MaxValue)
        {
            throw new InvalidDataException($"its deltas claim {count} values in blocks of {block} with {miniblocks} miniblocks");
        }

        Count = (int)count;
        leftInAll = Count;
        miniblocksPerBlock = (int)miniblocks;
        valuesPerMiniblock = (int)(block / miniblocks);
        miniblock = miniblocksPerBlock;
    }

    /// <summary>How many values there are. Not yet proven by bytes.</summary>
    public int Count { get; }

    /// <summary>After all values were read: where the bytes behind them start.</summary>
    public readonly int Position => position;

    /// <summary>Reads as many values as there is room for.</summary>
    public void Read(scoped Span<long> values)
    {
        if (values.Length > leftInAll)
        {
            throw new InvalidDataException($"it has {leftInAll} values where {values.Length} are expected");
        }

        leftInAll -= values.Length;
        for (var i = 0; i < values.Length; i++)
        {
            if (isFirst)
            {
                isFirst = false;
            }
            else
            {
                if (leftInMiniblock == 0)
                {
                    NextMiniblock();
                }

                value = unchecked(value + smallest + (long)BitPacking.Read(bytes, nextBit, width));
                nextBit += width;
                leftInMiniblock--;
            }

            values[i] = value;
        }
    }

    void NextMiniblock()
    {
        if (miniblock == miniblocksPerBlock)
        {
            smallest = Varint.ReadZigZag(bytes, ref position);
            widths = Take(miniblocksPerBlock);
            miniblock = 0;
        }

        width = widths[miniblock++];
        if (width > 64)
        {
            throw new InvalidDataException($"a delta is {width} bits wide");
        }

        nextBit = position * 8L;
        Take(valuesPerMiniblock / 8 * width);
        leftInMiniblock = valuesPerMiniblock;
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - position)
        {
            throw new InvalidDataException("its deltas end early");
        }

        position += count;
        return bytes.Slice(position - count, count);
    }
}
