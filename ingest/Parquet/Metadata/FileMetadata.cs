using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>The footer of a file.</summary>
/// <param name="Schema">The root, then its columns.</param>
sealed record FileMetadata(IReadOnlyList<SchemaElement> Schema, IReadOnlyList<GroupMetadata> Groups, long RowCount)
{
    /// <summary>A constant, so that files do not differ by the build that wrote them.</summary>
    const string CreatedBy = "pipeline version 0.1.0";

    // Each takes half a kilobyte of memory before it has a row, out of a dozen bytes of footer.
    const int MaxColumns = 1 << 16;

    /// <summary>True if columns are encrypted; then little else can be relied on.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Our checksum of the footer as it was written; null in files of others.</summary>
    public string? Checksum { get; init; }

    /// <summary>True if we have written the file, so that it must have a checksum.</summary>
    public bool IsOurs { get; init; }

    public static FileMetadata Read(ref CompactReader reader)
    {
        var schema = new List<SchemaElement>();
        var groups = new List<GroupMetadata>();
        var metadata = new FileMetadata(schema, groups, -1);
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 2:
                    ReadSchema(ref reader, field, schema);
                    break;
                case 3:
                    metadata = metadata with { RowCount = reader.ReadInt64(field) };
                    break;
                case 4:
                    for (var left = reader.ReadList(field, CompactType.Struct); left > 0; left--)
                    {
                        groups.Add(GroupMetadata.Read(ref reader));
                    }

                    break;
                case 5:
                    metadata = metadata with { Checksum = FooterChecksum.Find(ref reader, field) };
                    break;
                case 6:
                    metadata = metadata with { IsOurs = reader.ReadText(field) == CreatedBy };
                    break;
                case 8:
                    metadata = metadata with { IsEncrypted = true };
                    reader.Skip(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return metadata;
    }

    public void Write(CompactWriter writer)
    {
        writer.WriteInt32(1, 1);
        writer.BeginList(2, CompactType.Struct, Schema.Count);
        foreach (var element in Schema)
        {
            element.Write(writer);
        }

        writer.WriteInt64(3, RowCount);
        writer.BeginList(4, CompactType.Struct, Groups.Count);
        foreach (var group in Groups)
        {
            group.Write(writer);
        }

        FooterChecksum.WritePlace(writer, 5);
        writer.WriteText(6, CreatedBy);

        // One order for each column: that of its type. Without it, readers may not use min_value and max_value.
        writer.BeginList(7, CompactType.Struct, Schema.Count - 1);
        for (var column = 1; column < Schema.Count; column++)
        {
            writer.BeginElement();
            writer.WriteEmptyStruct(1);
            writer.EndStruct();
        }

        writer.EndStruct();
    }

    static void ReadSchema(ref CompactReader reader, CompactType type, List<SchemaElement> schema)
    {
        var left = reader.ReadList(type, CompactType.Struct);
        if (left > MaxColumns - schema.Count)
        {
            throw new NotSupportedException($"it has {schema.Count + (long)left} columns; up to {MaxColumns} are supported");
        }

        for (; left > 0; left--)
        {
            schema.Add(SchemaElement.Read(ref reader));
        }
    }
}
