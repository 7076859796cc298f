using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>How the generated files draw numbers: sums, products, divisions and roundings alone, whose last bit is the same on every machine.</summary>
static class HmSampleChance
{
    /// <summary>A draw from a distribution that is given by a few of its quantiles, straight lines between them.</summary>
    /// <param name="quantiles">Shares rising from 0 to 1, and the value below which that share lies.</param>
    public static double Quantile(ReadOnlySpan<(double Share, double Value)> quantiles, RandomStream random)
    {
        var share = random.NextDouble();
        var next = 1;
        while (quantiles[next].Share < share)
        {
            next++;
        }

        var (low, high) = (quantiles[next - 1], quantiles[next]);
        return low.Value + ((high.Value - low.Value) * (share - low.Share) / (high.Share - low.Share));
    }

    /// <summary>One of `count` categories: the first ones with the chances that are given, the others with equal parts of the rest.</summary>
    public static int Category(ReadOnlySpan<double> chances, int count, RandomStream random)
    {
        var left = random.NextDouble();
        for (var i = 0; i < chances.Length; i++)
        {
            left -= chances[i];
            if (left < 0)
            {
                return i;
            }
        }

        return count > chances.Length ? chances.Length + random.NextInt(count - chances.Length) : count - 1;
    }

    /// <summary>Bell-shaped around 0 with standard deviation 1, within -3.47 .. 3.47: the centred sum of four uniform numbers.</summary>
    public static double Bell(RandomStream random) =>
        (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.7320508;

    /// <summary>2^x with straight lines between whole numbers, at most 6 % above it.</summary>
    public static double Octaves(double x)
    {
        var whole = Math.Floor(x);
        return Math.ScaleB(1 + x - whole, (int)whole);
    }

    /// <summary>A whole number with the given mean, the one below or the one above it.</summary>
    public static int Whole(double mean, RandomStream random) => (int)(mean + random.NextDouble());
}
