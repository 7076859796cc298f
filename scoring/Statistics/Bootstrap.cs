using System.Numerics;
using System.Runtime.InteropServices;
using Pipeline.Stages;

namespace Pipeline.Scoring.Statistics;

/// <summary>
/// Percentile bootstrap of means over users and seeds. Every column is computed from the same resamples, so that differences of
/// columns are paired, and drawing costs once, however many lists and metrics there are.
/// </summary>
/// <remarks>
/// One resample draws as many seeds as there are, with replacement, then from each drawn seed as many of its users as it has, with
/// replacement, and takes the mean over seeds of the mean over users. With one seed that is the plain bootstrap over users. Users
/// are nested in seeds, for each seed draws its own. With few seeds the interval is narrow by about sqrt((S - 1) / S).
/// Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13; Davison and Hinkley 1997, section 3.8.
/// </remarks>
public sealed class Bootstrap
{
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
    public static Bootstrap Draw(IReadOnlyList<UserValues> seeds, int resamples, Func<uint, RandomStream> random, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        var columns = seeds[0].Columns;
        if (seeds.Any(seed => seed.Users == 0 || seed.Columns != columns))
        {
            throw new ArgumentException("Every seed needs a user and the same columns.", nameof(seeds));
        }

        var point = new double[columns];
        foreach (var seed in seeds)
        {
            AddScaled(seed.Means(), 1.0 / seeds.Count, point);
        }

        var means = new double[(long)resamples * columns];
        var mostUsers = seeds.Max(seed => seed.Users);
        Parallel.For(
            0,
            resamples,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Counts: new int[mostUsers], Sums: new double[columns]),
            (resample, _, scratch) =>
            {
                Resample(seeds, random((uint)resample), scratch.Counts, scratch.Sums, means.AsSpan(resample * columns, columns));
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

    static void Resample(IReadOnlyList<UserValues> seeds, RandomStream random, int[] counts, double[] sums, Span<double> target)
    {
        for (var draw = 0; draw < seeds.Count; draw++)
        {
            var seed = seeds[seeds.Count == 1 ? 0 : random.NextInt(seeds.Count)];
            var users = seed.Users;
            Array.Clear(counts, 0, users);
            for (var i = 0; i < users; i++)
            {
                counts[random.NextInt(users)]++;
            }

            Array.Clear(sums);
            for (var user = 0; user < users; user++)
            {
                if (counts[user] > 0)
                {
                    AddScaled(seed.Row(user), counts[user], sums);
                }
            }

            AddScaled(sums, 1.0 / ((double)users * seeds.Count), target);
        }
    }

    /// <summary>target += factor x source, column by column: the order of additions does not depend on the vector's width.</summary>
    static void AddScaled(ReadOnlySpan<double> source, double factor, Span<double> target)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(source);
        var wideTarget = MemoryMarshal.Cast<double, Vector<double>>(target);
        for (var i = 0; i < wide.Length; i++)
        {
            wideTarget[i] += wide[i] * factor;
        }

        for (var i = wide.Length * Vector<double>.Count; i < source.Length; i++)
        {
            target[i] += source[i] * factor;
        }
    }
}
