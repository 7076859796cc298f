using System.Runtime.InteropServices;
using Pipeline.Features;

namespace Pipeline.Scoring;

/// <summary>Who looks alike to a model: users with the same encoded row get the same list, so each such row is embedded and scored once.</summary>
/// <param name="Rows">One row of the table per group, in the order in which they first occur.</param>
/// <param name="GroupOf">By asked row: its group.</param>
public sealed record DistinctRows(int[] Rows, int[] GroupOf)
{
    /// <summary>Asked rows per distinct row: how much work it saves.</summary>
    public double Factor => Rows.Length == 0 ? 1 : (double)GroupOf.Length / Rows.Length;

    /// <param name="rows">Rows of the table; may repeat.</param>
    public static DistinctRows Of(EncodedTable table, ReadOnlySpan<int> rows)
    {
        var groups = new Dictionary<int, int>(new RowComparer(table));
        var distinct = new List<int>();
        var groupOf = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!groups.TryGetValue(rows[i], out groupOf[i]))
            {
                groupOf[i] = distinct.Count;
                groups.Add(rows[i], distinct.Count);
                distinct.Add(rows[i]);
            }
        }

        return new DistinctRows([.. distinct], groupOf);
    }

    /// <summary>The same for a stretch of the asked rows alone: fewer groups, in the order in which they occur there.</summary>
    public DistinctRows Within(int start, int count)
    {
        var numberOf = new int[Rows.Length];
        Array.Fill(numberOf, -1);
        var distinct = new List<int>();
        var groupOf = new int[count];
        for (var i = 0; i < count; i++)
        {
            ref var number = ref numberOf[GroupOf[start + i]];
            if (number < 0)
            {
                number = distinct.Count;
                distinct.Add(Rows[GroupOf[start + i]]);
            }

            groupOf[i] = number;
        }

        return new DistinctRows([.. distinct], groupOf);
    }

    /// <summary>Two rows are alike if all their features are the same bits.</summary>
    sealed class RowComparer(EncodedTable table) : IEqualityComparer<int>
    {
        readonly int numeric = table.Spec.Numeric.Count, categories = table.Spec.Categories.Count;

        public bool Equals(int a, int b) => Numbers(a).SequenceEqual(Numbers(b)) && Categories(a).SequenceEqual(Categories(b));

        /// <summary>FNV-1a over the features; only finds candidates, nothing depends on its value.</summary>
        public int GetHashCode(int row)
        {
            var hash = 2166136261u;
            foreach (var bits in Numbers(row))
            {
                hash = (hash ^ (uint)bits) * 16777619u;
            }

            foreach (var value in Categories(row))
            {
                hash = (hash ^ (uint)value) * 16777619u;
            }

            // 0 and 1 as floats differ only in high bits, which a product never brings down.
            return (int)(hash ^ hash >> 15);
        }

        ReadOnlySpan<int> Numbers(int row) => MemoryMarshal.Cast<float, int>(table.Numeric.AsSpan(row * numeric, numeric));

        ReadOnlySpan<int> Categories(int row) => table.Categories.AsSpan(row * categories, categories);
    }
}
