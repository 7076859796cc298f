using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>Draws an item that a user did not take, in proportion to the weights of all such items.</summary>
/// <remarks>
/// Draws among all items and refuses those that the user took. Who took nearly all the weight gets, after so many refusals, a draw among the
/// others alone. Both have the same distribution.
/// </remarks>
public sealed class WeightedItems
{
    const int MostRefusals = 100;

    readonly double[] weights;

    /// <summary>By item: the sum of the weights up to it.</summary>
    readonly double[] sums;

    /// <param name="weights">By item; 0 or more, finite, not all 0.</param>
    public WeightedItems(double[] weights)
    {
        this.weights = weights;
        sums = new double[weights.Length];
        var sum = 0.0;
        for (var item = 0; item < sums.Length; item++)
        {
            sums[item] = sum += weights[item];
        }
    }

    /// <returns>-1 if the user took all items that have a weight.</returns>
    public int DrawUnknown(History history, int user, RandomStream random, NegativeTally tally)
    {
        for (var refused = 0; refused < MostRefusals; refused++)
        {
            var item = Find(random.NextDouble() * sums[^1]);
            tally.Draws++;
            if (!history.Knows(user, item))
            {
                return item;
            }

            tally.Collisions++;
        }

        return DrawAmongUnknown(history, user, random, tally);
    }

    /// <returns>The first item whose sum is above a point.</returns>
    int Find(double point)
    {
        var (low, high) = (0, sums.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = sums[middle] > point ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    int DrawAmongUnknown(History history, int user, RandomStream random, NegativeTally tally)
    {
        var rest = 0.0;
        for (var item = 0; item < weights.Length; item++)
        {
            rest += history.Knows(user, item) ? 0 : weights[item];
        }

        if (rest == 0)
        {
            return -1;
        }

        tally.Draws++;
        var point = random.NextDouble() * rest;
        var last = -1;
        for (var item = 0; item < weights.Length && point >= 0; item++)
        {
            if (weights[item] > 0 && !history.Knows(user, item))
            {
                point -= weights[item];
                last = item;
            }
        }

        return last;
    }
}
