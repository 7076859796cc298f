using Pipeline.Stages;

namespace Pipeline.Scoring.Statistics;

/// <summary>
/// Percentile bootstrap of means over users and seeds. Every column is computed from the same resamples, so that differences of
/// columns are paired, and drawing costs once, however many lists and metrics there are.
/// </summary>
/// <remarks>
/// One resample draws as many seeds as there are, with replacement, then from each drawn seed as many of its users as it has, with
/// replacement, and takes the mean over seeds of the mean over users. With one seed that is the plain bootstrap over users. Users
/// are nested in seeds where each seed draws its own. Where all seeds test the same users, a resample draws users once and takes them in
/// every seed (users crossed with seeds): what a user does is then seen several times, but it is still one user.
/// With few seeds the interval is narrow by about sqrt((S - 1) / S).
/// Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13; Davison and Hinkley 1997, section 3.8; crossed:
/// Owen 2007, "The pigeonhole bootstrap".
/// </remarks>
public sealed class Bootstrap
{
    // Resamples that pass over the values together: enough that the values are seldom fetched, few enough for their counts to stay near.
    const int BlockResamples = 16;

    readonly int columns;
    readonly double[] point;
    readonly double[] means;

    Bootstrap(int columns, double[] point, double[] means)
    {
        this.columns = columns;
        this.point = point;
        this.means = means;
    }

    public int Resamples => means.Length / columns;

    /// <summary>Draws the resamples. The same bytes for any number of threads: each resample has a stream of its own.</summary>
    /// <param name="seeds">One per seed, all with the same columns and each with at least one user.</param>
    /// <param name="random">The stream of a resample by its number.</param>
    /// <param name="sharesUsers">True if row i is the same user in every seed.</param>
    public static Bootstrap Draw(
        IReadOnlyList<UserValues> seeds, int resamples, Func<uint, RandomStream> random, int threads, bool sharesUsers = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        var columns = seeds[0].Columns;
        if (seeds.Any(seed => seed.Users == 0 || seed.Columns != columns || (sharesUsers && seed.Users != seeds[0].Users)))
        {
            throw new ArgumentException("Every seed needs a user and the same columns, and the same users where they are shared.", nameof(seeds));
        }

        var point = new double[columns];
        foreach (var seed in seeds)
        {
            WeightedSums.AddOne(seed.Means(), 1.0 / seeds.Count, point);
        }

        var means = new double[(long)resamples * columns];
        var rows = seeds.Sum(seed => seed.Users);
        Parallel.For(
            0,
            (resamples + BlockResamples - 1) / BlockResamples,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Counts: new int[BlockResamples * rows], Sums: new double[BlockResamples * columns]),
            (block, _, scratch) =>
            {
                var first = block * BlockResamples;
                var count = Math.Min(BlockResamples, resamples - first);
                for (var i = 0; i < count; i++)
                {
                    Count(seeds, random((uint)(first + i)), sharesUsers, scratch.Counts.AsSpan(i * rows, rows));
                }

                AddMeans(seeds, scratch.Counts, rows, scratch.Sums.AsSpan(0, count * columns), means.AsSpan(first * columns, count * columns));
                return scratch;
            },
            _ => { });
        return new Bootstrap(columns, point, means);
    }

    /// <summary>The mean of one column.</summary>
    public Interval Of(int column) => Of(row => row[column]);

    /// <summary>Any statistic of the means, such as a difference of two columns. Not a number in some resample: not a number as a bound.</summary>
    /// <param name="statistic">From the means of all columns.</param>
    public Interval Of(Func<ReadOnlySpan<double>, double> statistic)
    {
        var sorted = new double[Resamples];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = statistic(means.AsSpan(i * columns, columns));
        }

        Array.Sort(sorted);
        return new Interval(statistic(point), Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>Linear between the two nearest; the first value has share 0, the last one 1. Array.Sort puts what is no number first.</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        if (double.IsNaN(sorted[0]))
        {
            return double.NaN;
        }

        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>How often one resample takes each user of each seed.</summary>
    /// <param name="counts">Seed by seed, user by user; overwritten.</param>
    static void Count(IReadOnlyList<UserValues> seeds, RandomStream random, bool sharesUsers, Span<int> counts)
    {
        counts.Clear();
        var drawn = new int[seeds.Count];
        for (var draw = 0; draw < seeds.Count; draw++)
        {
            var seed = seeds.Count == 1 ? 0 : random.NextInt(seeds.Count);
            drawn[seed]++;
            if (!sharesUsers)
            {
                CountUsers(random, counts.Slice(seeds.Take(seed).Sum(before => before.Users), seeds[seed].Users));
            }
        }

        if (sharesUsers)
        {
            var users = seeds[0].Users;
            var first = counts[..users];
            CountUsers(random, first);
            for (var seed = seeds.Count - 1; seed >= 0; seed--)
            {
                for (var user = 0; user < users; user++)
                {
                    counts[(seed * users) + user] = first[user] * drawn[seed];
                }
            }
        }
    }

    static void CountUsers(RandomStream random, Span<int> counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[random.NextInt(counts.Length)]++;
        }
    }

    /// <summary>The mean over seeds of the means over users, for a block of resamples.</summary>
    static void AddMeans(IReadOnlyList<UserValues> seeds, ReadOnlySpan<int> counts, int rows, Span<double> sums, Span<double> means)
    {
        var first = 0;
        foreach (var seed in seeds)
        {
            sums.Clear();
            WeightedSums.Add(counts[first..], rows, seed, sums);
            WeightedSums.AddOne(sums, 1.0 / ((double)seed.Users * seeds.Count), means);
            first += seed.Users;
        }
    }
}
