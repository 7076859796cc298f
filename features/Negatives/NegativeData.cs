namespace Pipeline.Features.Negatives;

/// <summary>All that a strategy may look at: what training may know.</summary>
/// <param name="history">Purchases within the catalogue.</param>
/// <param name="purchases">By item of the catalogue.</param>
/// <param name="alpha">Power of the purchases under popularity.</param>
/// <param name="lists">By user: items that an earlier model gave; null under any strategy but hard.</param>
public sealed class NegativeData(History history, long[] purchases, double alpha = 1, IReadOnlyDictionary<int, int[]>? lists = null)
{
    public History History { get; } = history;

    public WeightedItems Uniform { get; } = new([.. purchases.Select(_ => 1.0)]);

    public WeightedItems Popular { get; } = new([.. purchases.Select(count => Math.Pow(count, alpha))]);

    /// <summary>Items that an earlier model gave a user; empty if it gave none.</summary>
    public ReadOnlySpan<int> List(int user) => lists?.GetValueOrDefault(user);
}
