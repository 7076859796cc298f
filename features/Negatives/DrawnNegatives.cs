using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>One item for each of some purchases that its user did not take.</summary>
/// <param name="items">By purchase; -1 if the user took everything.</param>
/// <param name="tally">How it went.</param>
sealed class DrawnNegatives(int[] items, NegativeTally tally)
{
    const int None = -1;

    public static DrawnNegatives Of(IDrawnNegatives sampler, NegativeData data, Pairs purchases, RandomStream random)
    {
        var items = new int[purchases.Count];
        var tally = new NegativeTally();
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = sampler.Draw(data, purchases.Users[i], random, tally);
        }

        return new DrawnNegatives(items, tally);
    }

    /// <summary>The purchases, each followed by its negative.</summary>
    public Pairs Beside(Pairs purchases)
    {
        List<int> users = [], both = [], labels = [];
        for (var i = 0; i < items.Length; i++)
        {
            users.Add(purchases.Users[i]);
            both.Add(purchases.Items[i]);
            labels.Add(1);
            if (items[i] != None)
            {
                users.Add(purchases.Users[i]);
                both.Add(items[i]);
                labels.Add(0);
            }
        }

        return new Pairs([.. users], [.. both], [.. labels]);
    }

    /// <summary>Writes the negatives alone, with label 0, and how they were drawn.</summary>
    public void Write(OutputFolder output, Pairs purchases)
    {
        int[] drawn = [.. Enumerable.Range(0, items.Length).Where(i => items[i] != None)];
        new Pairs([.. drawn.Select(i => purchases.Users[i])], [.. drawn.Select(i => items[i])], new int[drawn.Length]).Write(output);
        output.Facts["drawn"] = drawn.Length;
        output.Facts["withoutNegative"] = items.Length - drawn.Length;
        output.Facts["draws"] = tally.Draws;
        output.Facts["collisions"] = tally.Collisions;
        output.Facts["collisionRate"] = tally.Draws == 0 ? 0 : (double)tally.Collisions / tally.Draws;
        output.Facts["fallbacks"] = tally.Fallbacks;
    }
}
