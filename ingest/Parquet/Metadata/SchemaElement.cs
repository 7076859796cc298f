using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>A node of the schema tree, which the file holds in depth-first order: the root, then, in a flat schema, its columns.</summary>
sealed record SchemaElement(string Name)
{
    /// <summary>Null for a node with children.</summary>
    public PhysicalType? Type { get; init; }

    /// <summary>Null for the root.</summary>
    public Repetition? Repetition { get; init; }

    public int ChildCount { get; init; }

    public ConvertedType? Converted { get; init; }

    public LogicalType Logical { get; init; }

    public static SchemaElement Read(ref CompactReader reader)
    {
        var element = new SchemaElement("");
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    element = element with { Type = (PhysicalType)reader.ReadInt32(field) };
                    break;
                case 3:
                    element = element with { Repetition = (Repetition)reader.ReadInt32(field) };
                    break;
                case 4:
                    element = element with { Name = reader.ReadText(field) };
                    break;
                case 5:
                    element = element with { ChildCount = reader.ReadInt32(field) };
                    break;
                case 6:
                    element = element with { Converted = (ConvertedType)reader.ReadInt32(field) };
                    break;
                case 10:
                    element = element with { Logical = LogicalType.Read(ref reader, field) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return element;
    }

    public void Write(CompactWriter writer)
    {
        writer.BeginElement();
        if (Type is { } type)
        {
            writer.WriteInt32(1, (int)type);
        }

        if (Repetition is { } repetition)
        {
            writer.WriteInt32(3, (int)repetition);
        }

        writer.WriteText(4, Name);
        if (Type is null)
        {
            writer.WriteInt32(5, ChildCount);
        }

        if (Converted is { } converted)
        {
            writer.WriteInt32(6, (int)converted);
        }

        if (Logical.Kind != LogicalKind.None)
        {
            Logical.Write(writer, 10);
        }

        writer.EndStruct();
    }
}

enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}
