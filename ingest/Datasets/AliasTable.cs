using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Draws positions in proportion to their weights, at the same cost however many there are.</summary>
/// <remarks>
/// Every position owns an equal slot; what a light one does not fill of it, a heavy one does. Source: Vose 1991, "A linear algorithm for generating random
/// numbers with a given distribution".
/// </remarks>
sealed class AliasTable
{
    readonly (uint Own, int Other)[] slots;

    /// <param name="weights">At least one; none negative, not all 0.</param>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        slots = new (uint, int)[weights.Length];
        var left = new double[weights.Length];
        var stack = new int[weights.Length];
        var (light, heavy) = (0, weights.Length);
        for (var i = 0; i < weights.Length; i++)
        {
            left[i] = weights[i] * weights.Length / total;
            stack[left[i] < 1 ? light++ : --heavy] = i;
        }

        // Light ones lie at the front of the stack, heavy ones at its end.
        while (light > 0 && heavy < weights.Length)
        {
            var (small, large) = (stack[--light], stack[heavy]);
            slots[small] = ((uint)(left[small] * uint.MaxValue), large);
            left[large] -= 1 - left[small];
            if (left[large] < 1)
            {
                heavy++;
                stack[light++] = large;
            }
        }

        // Left over by rounding alone: their slot is all their own.
        for (var i = 0; i < light; i++)
        {
            slots[stack[i]] = (uint.MaxValue, stack[i]);
        }

        for (var i = heavy; i < weights.Length; i++)
        {
            slots[stack[i]] = (uint.MaxValue, stack[i]);
        }
    }

    public int Draw(RandomStream random)
    {
        var slot = random.NextInt(slots.Length);
        return random.NextUInt32() < slots[slot].Own ? slot : slots[slot].Other;
    }
}
