using System.Buffers;
using System.Text;

namespace Pipeline.Ingest.Parquet.Thrift;

/// <summary>Writes the Thrift compact protocol to memory. Fields of a struct are written in ascending order of their ids.</summary>
sealed class CompactWriter
{
    readonly ArrayBufferWriter<byte> bytes = new(256);
    readonly Stack<short> outerFields = new();
    short lastField;

    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public void Reset()
    {
        bytes.ResetWrittenCount();
        outerFields.Clear();
        lastField = 0;
    }

    public void WriteBool(short field, bool value) => WriteHeader(field, value ? CompactType.True : CompactType.False);

    public void WriteByte(short field, sbyte value)
    {
        WriteHeader(field, CompactType.Byte);
        Put((byte)value);
    }

    public void WriteInt32(short field, int value)
    {
        WriteHeader(field, CompactType.Int32);
        WriteInteger(value);
    }

    public void WriteInt64(short field, long value)
    {
        WriteHeader(field, CompactType.Int64);
        WriteInteger(value);
    }

    public void WriteBinary(short field, ReadOnlySpan<byte> value)
    {
        WriteHeader(field, CompactType.Binary);
        WriteBinaryElement(value);
    }

    public void WriteText(short field, string value) => WriteBinary(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a struct that is a field; what follows are its fields, up to <see cref="EndStruct"/>.</summary>
    public void BeginStruct(short field)
    {
        WriteHeader(field, CompactType.Struct);
        BeginElement();
    }

    /// <summary>Begins a struct that is an element of a list.</summary>
    public void BeginElement()
    {
        outerFields.Push(lastField);
        lastField = 0;
    }

    public void EndStruct()
    {
        Put((byte)CompactType.Stop);
        lastField = outerFields.Count == 0 ? (short)0 : outerFields.Pop();
    }

    /// <summary>A field that is a struct without fields.</summary>
    public void WriteEmptyStruct(short field)
    {
        BeginStruct(field);
        EndStruct();
    }

    /// <summary>Begins a list; its elements follow without a mark at their end.</summary>
    public void BeginList(short field, CompactType elementType, int count)
    {
        WriteHeader(field, CompactType.List);
        Put((byte)(Math.Min(count, 15) << 4 | (int)elementType));
        if (count >= 15)
        {
            WriteVarint((ulong)count);
        }
    }

    public void WriteInt32Element(int value) => WriteInteger(value);

    public void WriteBinaryElement(ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)value.Length);
        bytes.Write(value);
    }

    void WriteHeader(short field, CompactType type)
    {
        var step = field - lastField;
        if (step is < 1 or > 15)
        {
            throw new ArgumentOutOfRangeException(nameof(field), field, $"A field must follow the one before, {lastField}, by 1 to 15.");
        }

        Put((byte)(step << 4 | (int)type));
        lastField = field;
    }

    void WriteInteger(long value) => WriteVarint((ulong)(value << 1 ^ value >> 63));

    void WriteVarint(ulong value)
    {
        for (; value >= 128; value >>= 7)
        {
            Put((byte)(value | 128));
        }

        Put((byte)value);
    }

    void Put(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }
}
