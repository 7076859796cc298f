using Parquet.Schema;
using Pipeline.Ingest.Tables;

namespace Pipeline.Integrations;

/// <summary>Our columns in the words of Parquet.Net, and back.</summary>
static class ParquetNetFields
{
    static readonly DateTime Epoch = DateTime.UnixEpoch;

    public static DataField Of(Column column) => column.Type switch
    {
        ColumnType.Bool => new DataField(column.Name, typeof(bool), column.IsOptional),
        ColumnType.Int32 => new DataField(column.Name, typeof(int), column.IsOptional),
        ColumnType.Int64 => new DataField(column.Name, typeof(long), column.IsOptional),
        ColumnType.Float => new DataField(column.Name, typeof(float), column.IsOptional),
        ColumnType.Double => new DataField(column.Name, typeof(double), column.IsOptional),
        ColumnType.String => new DataField(column.Name, typeof(string), column.IsOptional),
        ColumnType.Date => new DateTimeDataField(column.Name, DateTimeFormat.Date, isNullable: column.IsOptional),
        ColumnType.Timestamp => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, column.IsOptional),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "Unknown column type."),
    };

    /// <exception cref="NotSupportedException">The field is nested or of a type that tables here do not have; the message names it.</exception>
    public static Column ToColumn(Field field) => field is DataField { IsArray: false } flat
        ? new Column(field.Name, TypeOf(flat), field.IsNullable)
        : throw new NotSupportedException($"column '{field.Name}' is nested; tables here are flat");

    public static DateTime ToDate(int days) => Epoch.AddDays(days);

    public static DateTime ToInstant(long micros) => Epoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static int FromDate(DateTime date) => (int)((date.Ticks - Epoch.Ticks) / TimeSpan.TicksPerDay);

    public static long FromInstant(DateTime instant) => (instant.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    static ColumnType TypeOf(DataField field) => field switch
    {
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Date } => ColumnType.Date,
        DateTimeDataField { Unit: DateTimeTimeUnit.Nanos } => throw new NotSupportedException($"column '{field.Name}' has nanoseconds, which would be lost"),
        DateTimeDataField => ColumnType.Timestamp,
        _ when field.ClrType == typeof(bool) => ColumnType.Bool,
        _ when field.ClrType == typeof(int) => ColumnType.Int32,
        _ when field.ClrType == typeof(long) => ColumnType.Int64,
        _ when field.ClrType == typeof(float) => ColumnType.Float,
        _ when field.ClrType == typeof(double) => ColumnType.Double,
        _ when field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) => ColumnType.String,
        _ => throw new NotSupportedException($"column '{field.Name}' is {field.ClrType.Name}; supported are bool, int32, int64, float, double, text, date and timestamps"),
    };
}
