using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet;

/// <summary>Our columns in the words of the format, and back.</summary>
static class SchemaMapping
{
    public static IReadOnlyList<SchemaElement> ToElements(TableSchema schema) =>
        [new SchemaElement("schema") { ChildCount = schema.Count }, .. schema.Columns.Select(ToElement)];

    /// <summary>The columns of a flat schema.</summary>
    /// <exception cref="InvalidDataException">The tree is not one.</exception>
    /// <exception cref="NotSupportedException">A column is nested or has a type that tables here do not have; the message names it.</exception>
    public static TableSchema ToSchema(IReadOnlyList<SchemaElement> elements)
    {
        if (elements.Count == 0 || elements[0].Type is not null)
        {
            throw new InvalidDataException("its schema has no root");
        }

        RequireFlat(elements);
        if (elements[0].ChildCount != elements.Count - 1)
        {
            throw new InvalidDataException($"its schema lists {elements.Count - 1} columns, expected {elements[0].ChildCount}");
        }

        var repeated = elements.Skip(1).GroupBy(element => element.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return repeated is null
            ? new TableSchema([.. elements.Skip(1).Select(ToColumn)])
            : throw new NotSupportedException($"two columns are named '{repeated.Key}'");
    }

    /// <exception cref="NotSupportedException">A column is nested; the message names it.</exception>
    public static void RequireFlat(IReadOnlyList<SchemaElement> elements)
    {
        var nested = elements.Skip(1).FirstOrDefault(element => element.Type is null || element.ChildCount > 0 || element.Repetition == Repetition.Repeated);
        if (nested is not null)
        {
            throw new NotSupportedException($"column '{nested.Name}' is nested; tables here are flat");
        }
    }

    /// <summary>True if the values are milliseconds, of which a timestamp of ours takes a thousand each.</summary>
    public static bool IsMillis(SchemaElement element) => Meaning(element) is { Kind: LogicalKind.Timestamp, Unit: TimeUnit.Millis };

    static SchemaElement ToElement(Column column)
    {
        var element = new SchemaElement(column.Name) { Repetition = column.IsOptional ? Repetition.Optional : Repetition.Required };
        return column.Type switch
        {
            ColumnType.Bool => element with { Type = PhysicalType.Boolean },
            ColumnType.Int32 => element with { Type = PhysicalType.Int32 },
            ColumnType.Int64 => element with { Type = PhysicalType.Int64 },
            ColumnType.Float => element with { Type = PhysicalType.Float },
            ColumnType.Double => element with { Type = PhysicalType.Double },
            ColumnType.String => element with { Type = PhysicalType.ByteArray, Converted = ConvertedType.Utf8, Logical = new(LogicalKind.String) },
            ColumnType.Date => element with { Type = PhysicalType.Int32, Converted = ConvertedType.Date, Logical = new(LogicalKind.Date) },
            ColumnType.Timestamp => element with
            {
                Type = PhysicalType.Int64,
                Converted = ConvertedType.TimestampMicros,
                Logical = new(LogicalKind.Timestamp, TimeUnit.Micros),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "Unknown column type."),
        };
    }

    static Column ToColumn(SchemaElement element) => new(element.Name, ToType(element), element.Repetition switch
    {
        Repetition.Optional => true,
        Repetition.Required => false,
        _ => throw new InvalidDataException($"column '{element.Name}' is neither required nor optional"),
    });

    static ColumnType ToType(SchemaElement element) => (element.Type, Meaning(element)) switch
    {
        (PhysicalType.Boolean, { Kind: LogicalKind.None }) => ColumnType.Bool,
        (PhysicalType.Int32, { Kind: LogicalKind.None }) => ColumnType.Int32,
        (PhysicalType.Int32, { Kind: LogicalKind.Integer, IsSigned: true, BitWidth: 8 or 16 or 32 }) => ColumnType.Int32,
        (PhysicalType.Int32, { Kind: LogicalKind.Integer, IsSigned: false, BitWidth: 8 or 16 }) => ColumnType.Int32,
        (PhysicalType.Int32, { Kind: LogicalKind.Date }) => ColumnType.Date,
        (PhysicalType.Int64, { Kind: LogicalKind.None }) => ColumnType.Int64,
        (PhysicalType.Int64, { Kind: LogicalKind.Integer, IsSigned: true, BitWidth: 64 }) => ColumnType.Int64,
        (PhysicalType.Int64, { Kind: LogicalKind.Timestamp, Unit: TimeUnit.Micros or TimeUnit.Millis }) => ColumnType.Timestamp,
        (PhysicalType.Float, { Kind: LogicalKind.None }) => ColumnType.Float,
        (PhysicalType.Double, { Kind: LogicalKind.None }) => ColumnType.Double,
        (PhysicalType.ByteArray, { Kind: LogicalKind.String or LogicalKind.Enum or LogicalKind.Json }) => ColumnType.String,
        var (type, meaning) => throw new NotSupportedException($"column '{element.Name}' is {Describe(type, meaning)}; supported are bool, "
            + "signed int32 and int64, float, double, UTF-8 text, date and timestamps in milli- or microseconds"),
    };

    /// <summary>The newer of the two ways to say what a type means, or the older one in its words.</summary>
    static LogicalType Meaning(SchemaElement element) => element.Logical.Kind != LogicalKind.None ? element.Logical : element.Converted switch
    {
        null => default,
        ConvertedType.Utf8 => new(LogicalKind.String),
        ConvertedType.Enum => new(LogicalKind.Enum),
        ConvertedType.Json => new(LogicalKind.Json),
        ConvertedType.Bson => new(LogicalKind.Bson),
        ConvertedType.Date => new(LogicalKind.Date),
        ConvertedType.Decimal => new(LogicalKind.Decimal),
        ConvertedType.TimeMillis => new(LogicalKind.Time, TimeUnit.Millis),
        ConvertedType.TimeMicros => new(LogicalKind.Time, TimeUnit.Micros),
        ConvertedType.TimestampMillis => new(LogicalKind.Timestamp, TimeUnit.Millis),
        ConvertedType.TimestampMicros => new(LogicalKind.Timestamp, TimeUnit.Micros),
        >= ConvertedType.UInt8 and <= ConvertedType.UInt64 => Integer(element.Converted - ConvertedType.UInt8, isSigned: false),
        >= ConvertedType.Int8 and <= ConvertedType.Int64 => Integer(element.Converted - ConvertedType.Int8, isSigned: true),
        _ => new(LogicalKind.Unknown),
    };

    static LogicalType Integer(int? log2Bytes, bool isSigned) => new(LogicalKind.Integer, BitWidth: 8 << log2Bytes.GetValueOrDefault(), IsSigned: isSigned);

    static string Describe(PhysicalType? type, LogicalType meaning) => meaning switch
    {
        { Kind: LogicalKind.None } => $"{type} without a meaning",
        { Kind: LogicalKind.Integer } => $"{type} as {(meaning.IsSigned ? "signed" : "unsigned")} integer of {meaning.BitWidth} bits",
        { Kind: LogicalKind.Time or LogicalKind.Timestamp } => $"{type} as {meaning.Kind} in {meaning.Unit}",
        _ => $"{type} as {meaning.Kind}",
    };
}
