using Pipeline.Ingest.Tables;

namespace Pipeline.Scoring;

/// <summary>Finds an item's row by its id as it lies in a file, without making a string of it.</summary>
sealed class ItemRows
{
    readonly HashSet<int>.AlternateLookup<ReadOnlySpan<byte>> rows;

    public ItemRows(TextColumn ids) =>
        rows = new HashSet<int>(Enumerable.Range(0, ids.Count), new ById(ids)).GetAlternateLookup<ReadOnlySpan<byte>>();

    public bool TryFind(ReadOnlySpan<byte> id, out int row) => rows.TryGetValue(id, out row);

    /// <summary>Rows are alike if their ids are.</summary>
    sealed class ById(TextColumn ids) : IEqualityComparer<int>, IAlternateEqualityComparer<ReadOnlySpan<byte>, int>
    {
        public bool Equals(int one, int other) => ids.Utf8(one).SequenceEqual(ids.Utf8(other));

        public bool Equals(ReadOnlySpan<byte> id, int row) => id.SequenceEqual(ids.Utf8(row));

        public int GetHashCode(int row) => GetHashCode(ids.Utf8(row));

        /// <summary>FNV-1a; only finds candidates, nothing depends on its value.</summary>
        public int GetHashCode(ReadOnlySpan<byte> id)
        {
            var hash = 2166136261u;
            foreach (var next in id)
            {
                hash = (hash ^ next) * 16777619u;
            }

            return (int)hash;
        }

        public int Create(ReadOnlySpan<byte> id) => throw new NotSupportedException("An id that no item has makes no row.");
    }
}
