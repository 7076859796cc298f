using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>A group of rows: one chunk for each column, in the order of the schema.</summary>
sealed record GroupMetadata(IReadOnlyList<ChunkMetadata> Chunks, long RowCount)
{
    public static GroupMetadata Read(ref CompactReader reader)
    {
        var chunks = new List<ChunkMetadata>();
        var rows = -1L;
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    for (var left = reader.ReadList(field, CompactType.Struct); left > 0; left--)
                    {
                        chunks.Add(ChunkMetadata.Read(ref reader));
                    }

                    break;
                case 3:
                    rows = reader.ReadInt64(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return rows >= 0 ? new GroupMetadata(chunks, rows) : throw new InvalidDataException($"a group has {rows} rows");
    }

    public void Write(CompactWriter writer)
    {
        writer.BeginElement();
        writer.BeginList(1, CompactType.Struct, Chunks.Count);
        foreach (var chunk in Chunks)
        {
            chunk.Write(writer);
        }

        writer.WriteInt64(2, Chunks.Sum(chunk => chunk.UncompressedSize));
        writer.WriteInt64(3, RowCount);
        writer.WriteInt64(5, Chunks[0].Start);
        writer.WriteInt64(6, Chunks.Sum(chunk => chunk.CompressedSize));
        writer.EndStruct();
    }
}
