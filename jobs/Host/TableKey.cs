using System.Buffers.Binary;
using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;

namespace Pipeline.Host;

/// <summary>A value that rows of a table are looked for by.</summary>
/// <param name="Column">Its name.</param>
/// <param name="MayHold">False if a group with such statistics has no such row.</param>
/// <param name="Fits">True if a row of that column has the value.</param>
sealed record TableKey(string Column, Func<ColumnStatistics, bool> MayHold, Func<ColumnBuffer, int, bool> Fits)
{
    /// <summary>Text is ordered by its bytes; no string is made of other rows' values.</summary>
    public static TableKey Text(string column, string value)
    {
        var wanted = Encoding.UTF8.GetBytes(value);
        return new TableKey(
            column,
            statistics => (statistics.Min is null || wanted.AsSpan().SequenceCompareTo(statistics.Min) >= 0) && (statistics.Max is null || wanted.AsSpan().SequenceCompareTo(statistics.Max) <= 0),
            (rows, row) => ((StringBuffer)rows)[row].SequenceEqual(wanted));
    }

    /// <summary>Of a column of int32.</summary>
    public static TableKey Number(string column, int wanted) => new(
        column,
        statistics => (statistics.Min is null || wanted >= BinaryPrimitives.ReadInt32LittleEndian(statistics.Min)) && (statistics.Max is null || wanted <= BinaryPrimitives.ReadInt32LittleEndian(statistics.Max)),
        (rows, row) => ((ColumnBuffer<int>)rows).Values[row] == wanted);
}
