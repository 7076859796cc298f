using System.Text;

namespace Pipeline.Ingest.Parquet.Thrift;

/// <summary>
/// Reads the Thrift compact protocol from memory. Every read checks the type, the bounds and that a size can be true; what fails
/// is an InvalidDataException, so that damaged bytes cost neither memory nor time beyond their own length.
/// </summary>
/// <remarks>Source: Apache Thrift, "Thrift Compact protocol encoding".</remarks>
ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    const int MaxDepth = 32;

    readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Goes to the next field of a struct.</summary>
    /// <param name="id">The field before, 0 for the first call; becomes the field found.</param>
    /// <returns>False at the end of the struct.</returns>
    public bool NextField(ref short id, out CompactType type)
    {
        var header = Next();
        type = (CompactType)(header & 15);
        if (type == CompactType.Stop)
        {
            return false;
        }

        id = header >> 4 == 0 ? (short)ReadInteger(short.MinValue, short.MaxValue) : (short)(id + (header >> 4));
        return true;
    }

    public readonly bool ReadBool(CompactType type) =>
        type is CompactType.True or CompactType.False ? type == CompactType.True : throw Unexpected(type, "a bool");

    public int ReadByte(CompactType type)
    {
        Expect(type, CompactType.Byte);
        return (sbyte)Next();
    }

    public int ReadInt32(CompactType type)
    {
        Expect(type, CompactType.Int32);
        return (int)ReadInteger(int.MinValue, int.MaxValue);
    }

    public long ReadInt64(CompactType type)
    {
        Expect(type, CompactType.Int64);
        return ReadInteger(long.MinValue, long.MaxValue);
    }

    public ReadOnlySpan<byte> ReadBinary(CompactType type)
    {
        Expect(type, CompactType.Binary);
        return Take(ReadSize());
    }

    public string ReadText(CompactType type) => Encoding.UTF8.GetString(ReadBinary(type));

    /// <returns>The number of elements, which follow.</returns>
    public int ReadList(CompactType type, CompactType elementType)
    {
        Expect(type, CompactType.List);
        var count = ReadListHeader(out var found);
        return count == 0 || found == elementType ? count : throw Unexpected(found, $"elements of type {elementType}");
    }

    /// <summary>Checks that a struct follows; its fields are read with <see cref="NextField"/>.</summary>
    public readonly void EnterStruct(CompactType type) => Expect(type, CompactType.Struct);

    public void Skip(CompactType type) => Skip(type, 0);

    void Skip(CompactType type, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"structs are nested deeper than {MaxDepth}");
        }

        switch (type)
        {
            case CompactType.True or CompactType.False:
                break;
            case CompactType.Byte:
                Take(1);
                break;
            case CompactType.Int16 or CompactType.Int32 or CompactType.Int64:
                ReadVarint();
                break;
            case CompactType.Double:
                Take(8);
                break;
            case CompactType.Binary:
                Take(ReadSize());
                break;
            case CompactType.Uuid:
                Take(16);
                break;
            case CompactType.List or CompactType.Set:
                for (var left = ReadListHeader(out var element); left > 0; left--)
                {
                    SkipElement(element, depth);
                }

                break;
            case CompactType.Map:
                SkipMap(depth);
                break;
            case CompactType.Struct:
                for (short id = 0; NextField(ref id, out var field);)
                {
                    Skip(field, depth + 1);
                }

                break;
            default:
                throw Unexpected(type, "a known type");
        }
    }

    void SkipMap(int depth)
    {
        var count = ReadSize();
        var types = count == 0 ? (byte)0 : Next();
        for (; count > 0; count--)
        {
            SkipElement((CompactType)(types >> 4), depth);
            SkipElement((CompactType)(types & 15), depth);
        }
    }

    /// <summary>In a list, a bool is a byte of its own.</summary>
    void SkipElement(CompactType type, int depth) =>
        Skip(type is CompactType.True or CompactType.False ? CompactType.Byte : type, depth + 1);

    int ReadListHeader(out CompactType elementType)
    {
        var header = Next();
        elementType = (CompactType)(header & 15);

        // No element is smaller than a byte, so a size that exceeds the bytes left is damage for lists, too.
        return header >> 4 == 15 ? ReadSize() : header >> 4;
    }

    int ReadSize()
    {
        var size = ReadVarint();
        return size <= (ulong)(bytes.Length - Position) ? (int)size : throw new InvalidDataException($"a size of {size} exceeds the bytes left");
    }

    long ReadInteger(long min, long max)
    {
        var raw = ReadVarint();
        var value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return value >= min && value <= max ? value : throw new InvalidDataException($"the number {value} is out of range");
    }

    ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Next();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is longer than 10 bytes");
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - Position)
        {
            throw new InvalidDataException("the structure ends early");
        }

        Position += count;
        return bytes.Slice(Position - count, count);
    }

    byte Next() => Position < bytes.Length ? bytes[Position++] : throw new InvalidDataException("the structure ends early");

    static void Expect(CompactType found, CompactType expected)
    {
        if (found != expected)
        {
            throw Unexpected(found, $"type {expected}");
        }
    }

    static InvalidDataException Unexpected(CompactType found, string expected) => new($"a field has type {found}, expected {expected}");
}
