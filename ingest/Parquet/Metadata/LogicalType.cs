using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>What a physical type means: a union in the file, whose field ids are the kinds.</summary>
/// <param name="Unit">Of a time or timestamp.</param>
/// <param name="BitWidth">Of an integer.</param>
readonly record struct LogicalType(LogicalKind Kind, TimeUnit Unit = TimeUnit.None, int BitWidth = 0, bool IsSigned = true)
{
    public static LogicalType Read(ref CompactReader reader, CompactType type)
    {
        reader.EnterStruct(type);
        var logical = new LogicalType(LogicalKind.None);
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            logical = logical with { Kind = (LogicalKind)id };
            if (logical.Kind is LogicalKind.Time or LogicalKind.Timestamp or LogicalKind.Integer)
            {
                logical = ReadParameters(ref reader, field, logical);
            }
            else
            {
                reader.Skip(field);
            }
        }

        return logical;
    }

    public void Write(CompactWriter writer, short field)
    {
        writer.BeginStruct(field);
        writer.BeginStruct((short)Kind);
        if (Kind == LogicalKind.Timestamp)
        {
            writer.WriteBool(1, true);
            writer.BeginStruct(2);
            writer.WriteEmptyStruct((short)Unit);
            writer.EndStruct();
        }

        writer.EndStruct();
        writer.EndStruct();
    }

    static LogicalType ReadParameters(ref CompactReader reader, CompactType type, LogicalType logical)
    {
        reader.EnterStruct(type);
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (logical.Kind, id)
            {
                case (LogicalKind.Integer, 1):
                    logical = logical with { BitWidth = reader.ReadByte(field) };
                    break;
                case (LogicalKind.Integer, 2):
                    logical = logical with { IsSigned = reader.ReadBool(field) };
                    break;
                case (LogicalKind.Time or LogicalKind.Timestamp, 2):
                    logical = logical with { Unit = ReadUnit(ref reader, field) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return logical;
    }

    static TimeUnit ReadUnit(ref CompactReader reader, CompactType type)
    {
        reader.EnterStruct(type);
        var unit = TimeUnit.None;
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            unit = (TimeUnit)id;
            reader.Skip(field);
        }

        return unit;
    }
}

enum LogicalKind
{
    None = 0,
    String = 1,
    Map = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    Time = 7,
    Timestamp = 8,
    Integer = 10,
    Unknown = 11,
    Json = 12,
    Bson = 13,
    Uuid = 14,
    Float16 = 15,
    Variant = 16,
    Geometry = 17,
    Geography = 18,
}

enum TimeUnit
{
    None = 0,
    Millis = 1,
    Micros = 2,
    Nanos = 3,
}
