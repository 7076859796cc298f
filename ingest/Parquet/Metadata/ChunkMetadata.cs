using System.Text;
using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>Where one column of one group of rows lies and how it is stored. Offsets count from the start of the file.</summary>
sealed record ChunkMetadata
{
    public PhysicalType Type { get; init; }

    public IReadOnlyList<PageEncoding> Encodings { get; init; } = [];

    /// <summary>The names from the root to the column, joined by dots.</summary>
    public string Path { get; init; } = "";

    public int Codec { get; init; }

    /// <summary>Rows, nulls included.</summary>
    public long ValueCount { get; init; }

    /// <summary>Bytes with the headers of the pages.</summary>
    public long UncompressedSize { get; init; }

    public long CompressedSize { get; init; }

    public long DataPageOffset { get; init; }

    public long? DictionaryPageOffset { get; init; }

    public ColumnStatistics? Statistics { get; init; }

    public bool IsEncrypted { get; init; }

    /// <summary>True if the values lie in another file.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>The first page, be it a dictionary or not. Some writers put 0 where there is no dictionary.</summary>
    public long Start => DictionaryPageOffset is > 0 and { } dictionary && dictionary < DataPageOffset ? dictionary : DataPageOffset;

    /// <summary>Reads a ColumnChunk with the ColumnMetaData inside.</summary>
    public static ChunkMetadata Read(ref CompactReader reader)
    {
        var chunk = new ChunkMetadata();
        bool hasMetadata = false, isEncrypted = false, isElsewhere = false;
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    isElsewhere = reader.ReadBinary(field).Length > 0;
                    break;
                case 3:
                    chunk = ReadColumn(ref reader, field);
                    hasMetadata = true;
                    break;
                case 8 or 9:
                    isEncrypted = true;
                    reader.Skip(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return hasMetadata || isEncrypted
            ? chunk with { IsEncrypted = isEncrypted, IsElsewhere = isElsewhere }
            : throw new InvalidDataException("a column of a group has no description");
    }

    public void Write(CompactWriter writer)
    {
        writer.BeginElement();
        writer.WriteInt64(2, Start);
        writer.BeginStruct(3);
        writer.WriteInt32(1, (int)Type);
        writer.BeginList(2, CompactType.Int32, Encodings.Count);
        foreach (var encoding in Encodings)
        {
            writer.WriteInt32Element((int)encoding);
        }

        writer.BeginList(3, CompactType.Binary, 1);
        writer.WriteBinaryElement(Encoding.UTF8.GetBytes(Path));
        writer.WriteInt32(4, Codec);
        writer.WriteInt64(5, ValueCount);
        writer.WriteInt64(6, UncompressedSize);
        writer.WriteInt64(7, CompressedSize);
        writer.WriteInt64(9, DataPageOffset);
        if (DictionaryPageOffset is { } dictionary)
        {
            writer.WriteInt64(11, dictionary);
        }

        Statistics?.Write(writer, 12);
        writer.EndStruct();
        writer.EndStruct();
    }

    static ChunkMetadata ReadColumn(ref CompactReader reader, CompactType type)
    {
        reader.EnterStruct(type);
        var chunk = new ChunkMetadata();
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    chunk = chunk with { Type = (PhysicalType)reader.ReadInt32(field) };
                    break;
                case 2:
                    chunk = chunk with { Encodings = ReadEncodings(ref reader, field) };
                    break;
                case 3:
                    chunk = chunk with { Path = ReadPath(ref reader, field) };
                    break;
                case 4:
                    chunk = chunk with { Codec = reader.ReadInt32(field) };
                    break;
                case 5:
                    chunk = chunk with { ValueCount = reader.ReadInt64(field) };
                    break;
                case 6:
                    chunk = chunk with { UncompressedSize = reader.ReadInt64(field) };
                    break;
                case 7:
                    chunk = chunk with { CompressedSize = reader.ReadInt64(field) };
                    break;
                case 9:
                    chunk = chunk with { DataPageOffset = reader.ReadInt64(field) };
                    break;
                case 11:
                    chunk = chunk with { DictionaryPageOffset = reader.ReadInt64(field) };
                    break;
                case 12:
                    chunk = chunk with { Statistics = ColumnStatistics.Read(ref reader, field, chunk.Type != PhysicalType.ByteArray) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return chunk;
    }

    static List<PageEncoding> ReadEncodings(ref CompactReader reader, CompactType type)
    {
        var encodings = new List<PageEncoding>();
        for (var left = reader.ReadList(type, CompactType.Int32); left > 0; left--)
        {
            encodings.Add((PageEncoding)reader.ReadInt32(CompactType.Int32));
        }

        return encodings;
    }

    static string ReadPath(ref CompactReader reader, CompactType type)
    {
        var names = new List<string>();
        for (var left = reader.ReadList(type, CompactType.Binary); left > 0; left--)
        {
            names.Add(reader.ReadText(CompactType.Binary));
        }

        return string.Join('.', names);
    }
}
