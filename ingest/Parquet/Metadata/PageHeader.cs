using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>What precedes the bytes of a page.</summary>
sealed record PageHeader
{
    public PageKind Kind { get; init; } = PageKind.Missing;

    public int UncompressedSize { get; init; } = -1;

    public int CompressedSize { get; init; } = -1;

    /// <summary>CRC-32 of the page as it lies in the file, without this header; null where the writer left it out.</summary>
    public uint? Crc { get; init; }

    /// <summary>Rows of a data page, nulls included; entries of a dictionary page.</summary>
    public int ValueCount { get; init; } = -1;

    public PageEncoding Encoding { get; init; }

    /// <summary>Of a data page v1. Pages v2 always have Rle.</summary>
    public PageEncoding LevelEncoding { get; init; } = PageEncoding.Rle;

    /// <summary>Of a data page v2, whose levels come before the compressed bytes.</summary>
    public int DefinitionBytes { get; init; }

    public int RepetitionBytes { get; init; }

    /// <summary>Of a data page v2, which may be left as it is even where the column has a codec.</summary>
    public bool IsCompressed { get; init; } = true;

    public static PageHeader Read(ref CompactReader reader)
    {
        var header = new PageHeader();
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    header = header with { Kind = (PageKind)reader.ReadInt32(field) };
                    break;
                case 2:
                    header = header with { UncompressedSize = reader.ReadInt32(field) };
                    break;
                case 3:
                    header = header with { CompressedSize = reader.ReadInt32(field) };
                    break;
                case 4:
                    header = header with { Crc = (uint)reader.ReadInt32(field) };
                    break;
                case 5 or 7:
                    header = ReadData(ref reader, field, header);
                    break;
                case 8:
                    header = ReadData2(ref reader, field, header);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return header;
    }

    /// <summary>Writes the header of a dictionary page or a data page v1.</summary>
    public void Write(CompactWriter writer)
    {
        writer.WriteInt32(1, (int)Kind);
        writer.WriteInt32(2, UncompressedSize);
        writer.WriteInt32(3, CompressedSize);
        writer.WriteInt32(4, (int)Crc.GetValueOrDefault());
        writer.BeginStruct(Kind == PageKind.Dictionary ? (short)7 : (short)5);
        writer.WriteInt32(1, ValueCount);
        writer.WriteInt32(2, (int)Encoding);
        if (Kind == PageKind.Data)
        {
            writer.WriteInt32(3, (int)PageEncoding.Rle);
            writer.WriteInt32(4, (int)PageEncoding.Rle);
        }

        writer.EndStruct();
        writer.EndStruct();
    }

    /// <summary>DataPageHeader and DictionaryPageHeader agree in their first two fields.</summary>
    static PageHeader ReadData(ref CompactReader reader, CompactType type, PageHeader header)
    {
        reader.EnterStruct(type);
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    header = header with { ValueCount = reader.ReadInt32(field) };
                    break;
                case 2:
                    header = header with { Encoding = (PageEncoding)reader.ReadInt32(field) };
                    break;
                case 3 when field == CompactType.Int32:
                    header = header with { LevelEncoding = (PageEncoding)reader.ReadInt32(field) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return header;
    }

    static PageHeader ReadData2(ref CompactReader reader, CompactType type, PageHeader header)
    {
        reader.EnterStruct(type);
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    header = header with { ValueCount = reader.ReadInt32(field) };
                    break;
                case 4:
                    header = header with { Encoding = (PageEncoding)reader.ReadInt32(field) };
                    break;
                case 5:
                    header = header with { DefinitionBytes = reader.ReadInt32(field) };
                    break;
                case 6:
                    header = header with { RepetitionBytes = reader.ReadInt32(field) };
                    break;
                case 7:
                    header = header with { IsCompressed = reader.ReadBool(field) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return header;
    }
}

enum PageKind
{
    Missing = -1,
    Data = 0,
    Index = 1,
    Dictionary = 2,
    Data2 = 3,
}
