namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Reads RLE / bit-packed hybrid: runs of one value, and groups of eight values of a fixed width.</summary>
/// <remarks>
/// <code>run = varint(count &lt;&lt; 1), value in whole bytes   or   varint(groups &lt;&lt; 1 | 1), groups * width bytes</code>
/// Source: Apache Parquet, "Encodings". A last group may lack the bytes behind its last value, as some writers leave it.
/// </remarks>
/// <param name="width">Bits of a value, 0 to 32.</param>
ref struct RleDecoder(ReadOnlySpan<byte> bytes, int width)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    int position;
    long left;
    bool isPacked;
    int repeated;
    long nextBit;

    /// <summary>Reads as many values as there is room for.</summary>
    public void Read(scoped Span<int> values)
    {
        while (!values.IsEmpty)
        {
            if (left == 0)
            {
                NextRun(values.Length);
                continue;
            }

            var part = values[..(int)Math.Min(left, values.Length)];
            if (isPacked)
            {
                BitPacking.Unpack(bytes, nextBit, width, part);
                nextBit += (long)part.Length * width;
            }
            else
            {
                part.Fill(repeated);
            }

            left -= part.Length;
            values = values[part.Length..];
        }
    }

    void NextRun(int missing)
    {
        if (position == bytes.Length)
        {
            throw new InvalidDataException($"its runs end {missing} values early");
        }

        var header = Varint.Read(bytes, ref position);
        isPacked = (header & 1) == 1;
        if (header >> 1 > int.MaxValue)
        {
            throw new InvalidDataException($"a run is {header >> 1} long");
        }

        left = (long)(header >> 1);
        if (isPacked)
        {
            TakePacked();
        }
        else
        {
            TakeRepeated();
        }
    }

    void TakePacked()
    {
        var size = Math.Min(left * width, bytes.Length - position);
        left *= 8;
        nextBit = position * 8L;
        position += (int)size;
        if (width > 0)
        {
            left = Math.Min(left, size * 8 / width);
        }
    }

    void TakeRepeated()
    {
        var size = (width + 7) / 8;
        if (size > bytes.Length - position)
        {
            throw new InvalidDataException("a run ends inside its value");
        }

        var value = BitPacking.Read(bytes, position * 8L, size * 8);
        if (value >> width != 0)
        {
            throw new InvalidDataException($"a run repeats {value}, which has more than {width} bits");
        }

        repeated = (int)value;
        position += size;
    }
}
