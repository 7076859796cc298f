using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet;

/// <summary>What a file says about one column of one group of rows, so that a reader may skip the group.</summary>
/// <remarks>
/// Values are as the file holds them: little-endian numbers in the file's own unit, a byte for a bool, UTF-8 for text. Text is
/// ordered by its bytes. NaN is never a minimum or maximum; a minimum of zero is -0 and a maximum of zero is +0.
/// </remarks>
/// <param name="NullCount">Null where the file does not say.</param>
/// <param name="Min">Not above any value; null where the file does not say or there is no value.</param>
/// <param name="Max">Not below any value.</param>
/// <param name="IsMinExact">False where Min may be below every value, as a shortened text is.</param>
public sealed record ColumnStatistics(long? NullCount, byte[]? Min, byte[]? Max, bool IsMinExact = true, bool IsMaxExact = true)
{
    /// <param name="oldOrderHolds">True if the order of the older fields min and max, signed comparison, is that of the type.</param>
    internal static ColumnStatistics Read(ref CompactReader reader, CompactType type, bool oldOrderHolds)
    {
        reader.EnterStruct(type);
        byte[]? oldMin = null, oldMax = null;
        var statistics = new ColumnStatistics(null, null, null);
        for (short id = 0; reader.NextField(ref id, out var field);)
        {
            switch (id)
            {
                case 1:
                    oldMax = reader.ReadBinary(field).ToArray();
                    break;
                case 2:
                    oldMin = reader.ReadBinary(field).ToArray();
                    break;
                case 3:
                    statistics = statistics with { NullCount = reader.ReadInt64(field) };
                    break;
                case 5:
                    statistics = statistics with { Max = reader.ReadBinary(field).ToArray() };
                    break;
                case 6:
                    statistics = statistics with { Min = reader.ReadBinary(field).ToArray() };
                    break;
                case 7:
                    statistics = statistics with { IsMaxExact = reader.ReadBool(field) };
                    break;
                case 8:
                    statistics = statistics with { IsMinExact = reader.ReadBool(field) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return oldOrderHolds ? statistics with { Min = statistics.Min ?? oldMin, Max = statistics.Max ?? oldMax } : statistics;
    }

    internal void Write(CompactWriter writer, short field)
    {
        writer.BeginStruct(field);
        if (NullCount is { } nulls)
        {
            writer.WriteInt64(3, nulls);
        }

        if (Min is not null && Max is not null)
        {
            writer.WriteBinary(5, Max);
            writer.WriteBinary(6, Min);
            writer.WriteBool(7, IsMaxExact);
            writer.WriteBool(8, IsMinExact);
        }

        writer.EndStruct();
    }
}
