using Pipeline.Features;

namespace Pipeline.Scoring.Report;

/// <summary>The items of every seed. Most datasets have one catalogue; where each seed draws its own, an item goes by its id.</summary>
sealed class SeedCatalogues
{
    readonly IReadOnlyList<int[]> numberOf;

    /// <param name="items">By seed.</param>
    public SeedCatalogues(IReadOnlyList<EncodedTable> items)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        numberOf = [.. items.Select(table => table.Ids.Select(id => Number(numbers, id)).ToArray())];
        Count = numbers.Count;
        Length = items.Min(table => table.Count);
        AreAlike = numberOf.All(seed => seed.AsSpan().SequenceEqual(numberOf[0]));
    }

    /// <summary>Items of all seeds, each once.</summary>
    public int Count { get; }

    /// <summary>Items of a seed.</summary>
    public int Length { get; }

    /// <summary>True if all seeds have the same items in the same order.</summary>
    public bool AreAlike { get; }

    /// <summary>By item of a seed: its number among all.</summary>
    /// <param name="index">Which seed, by its place.</param>
    public int[] NumberOf(int index) => numberOf[index];

    static int Number(Dictionary<string, int> numbers, string id)
    {
        numbers.TryAdd(id, numbers.Count);
        return numbers[id];
    }
}
