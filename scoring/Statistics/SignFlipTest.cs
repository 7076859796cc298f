using Pipeline.Stages;

namespace Pipeline.Scoring.Statistics;

/// <summary>
/// Paired two-sided tests, many at once: had both lists the same worth for every user, each user's difference could as well have the other
/// sign. How often do random signs give a sum as far from 0 as the one that was found?
/// </summary>
/// <remarks>
/// <code>p = (1 + flips with |sum of sign x difference| at least |sum of differences|) / (1 + flips)</code>
/// Right at any number of users and for any distribution of differences. All tests share the flips. p is a multiple of 1 / (1 + flips):
/// with 9,999 flips no p is below 0.0001. The test speaks of the models as they were trained, not of what another training would give.
/// Source: Fisher 1935, "The Design of Experiments", section 21; Phipson and Smyth 2010, "Permutation P-values should never be zero".
/// </remarks>
public static class SignFlipTest
{
    /// <summary>Enough for the smallest p to stay below 0.05 after a correction for 499 tests.</summary>
    public const int Flips = 9_999;

    const int BlockFlips = 16;

    // Sums that are equal on paper differ by their rounding, which is far below this share of the absolute differences' sum.
    const double Tie = 1e-10;

    /// <param name="differences">[users, tests]: what each user adds to the difference that a test asks about.</param>
    /// <param name="random">The stream of a block of flips by its number.</param>
    /// <returns>p by test; 1 where nobody differs.</returns>
    public static double[] PValues(UserValues differences, int flips, Func<uint, RandomStream> random, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(flips, 1);
        var (tests, users) = (differences.Columns, differences.Users);
        var least = Least(differences);
        var reached = new int[tests];
        Parallel.For(
            0,
            (flips + BlockFlips - 1) / BlockFlips,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Signs: new int[BlockFlips * users], Sums: new double[BlockFlips * tests], Reached: new int[tests]),
            (block, _, scratch) =>
            {
                var count = Math.Min(BlockFlips, flips - (block * BlockFlips));
                Draw(random((uint)block), scratch.Signs);
                Array.Clear(scratch.Sums);
                WeightedSums.Add(scratch.Signs, users, differences, scratch.Sums.AsSpan(0, count * tests));
                for (var i = 0; i < count * tests; i++)
                {
                    scratch.Reached[i % tests] += Math.Abs(scratch.Sums[i]) >= least[i % tests] ? 1 : 0;
                }

                return scratch;
            },
            scratch =>
            {
                lock (reached)
                {
                    for (var test = 0; test < tests; test++)
                    {
                        reached[test] += scratch.Reached[test];
                    }
                }
            });
        return [.. reached.Select(count => (1.0 + count) / (1.0 + flips))];
    }

    /// <summary>From where on a sum counts as far as the one that was found.</summary>
    static double[] Least(UserValues differences)
    {
        var (sums, absolute) = (new double[differences.Columns], new double[differences.Columns]);
        for (var user = 0; user < differences.Users; user++)
        {
            var row = differences.Row(user);
            for (var test = 0; test < row.Length; test++)
            {
                sums[test] += row[test];
                absolute[test] += Math.Abs(row[test]);
            }
        }

        return [.. sums.Select((sum, test) => Math.Abs(sum) - (Tie * absolute[test]))];
    }

    /// <summary>1 or -1 with equal chance, a bit of a draw each.</summary>
    static void Draw(RandomStream random, Span<int> signs)
    {
        var bits = 0u;
        for (var i = 0; i < signs.Length; i++)
        {
            bits = i % 32 == 0 ? random.NextUInt32() : bits >> 1;
            signs[i] = (int)((bits & 1) << 1) - 1;
        }
    }
}
