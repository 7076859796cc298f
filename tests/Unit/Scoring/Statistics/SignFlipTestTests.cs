using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class SignFlipTestTests
{
    [Fact]
    public void P_is_the_share_of_sign_patterns_that_reach_the_sum()
    {
        // Of the 16 patterns of 1, 2, 3, 4 only the two without a change reach 10, and 2 + 4 reach 8 or more (10, and 1's sign changed);
        // 3, 1, 1, 1 has the sum 6, reached by two patterns; 1, -1, 0, 0 has the sum 0, which every pattern reaches.
        var p = P(3, [1, 3, 1], [2, 1, -1], [3, 1, 0], [4, 1, 0]);

        // 9,999 flips: the standard error of 2/16 is 0.0033, five of those; and the observed pattern itself counts once.
        Assert.Equal(2 / 16.0, p[0], 0.017);
        Assert.Equal(2 / 16.0, p[1], 0.017);
        Assert.Equal(1, p[2]);
    }

    [Fact]
    public void Equal_sums_count_however_they_are_rounded()
    {
        // Every pattern of a single difference reaches it: 0.1 and -0.1. So do all of 0.1, 0.2, -0.3, whose sum is 0 but for its rounding.
        Assert.Equal(1, P(1, [0.1])[0]);
        Assert.Equal(1, P(1, [0.1], [0.2], [-0.3])[0]);
    }

    [Fact]
    public void Nobody_differs_nothing_is_found() => Assert.Equal(1, P(1, [0], [0], [0])[0]);

    [Fact]
    public void No_p_is_below_its_resolution()
    {
        // 40 users who all differ alike: 2 of 2^40 patterns reach that, so the observed one is alone among 9,999 + 1.
        Assert.Equal(0.0001, P(1, [.. Enumerable.Range(0, 40).Select(_ => new[] { 1.0 })])[0], 15);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var random = new RandomStream(1, "differences");
        var values = new UserValues(5, [.. Enumerable.Range(0, 5 * 203).Select(_ => random.NextDouble() - 0.45)]);

        Assert.Equal(Test(values, 1_000, 1, threads: 1), Test(values, 1_000, 1, threads: 3));
    }

    [Fact]
    public void Without_a_difference_p_is_uniform()
    {
        // 2,000 samples of 50 users whose differences are as often above 0 as below, with a heavy tail. 999 flips, so p is a multiple of 1/1,000
        // and each tenth of 0 .. 1 holds 200 of them.
        var bins = new int[10];
        for (var sample = 0; sample < 200; sample++)
        {
            var random = new RandomStream(sample, "no difference");
            var values = new double[50 * 10];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Math.Pow(random.NextDouble() - 0.5, 3);
            }

            foreach (var p in Test(new UserValues(10, values), 999, sample, threads: 2))
            {
                bins[Math.Min(9, (int)((p * 1_000 - 1) / 100))]++;
            }
        }

        // Chi-square with 9 degrees of freedom exceeds 27.9 once in a thousand. The ten tests of a sample share flips, not differences.
        var chi = bins.Sum(count => (count - 200.0) * (count - 200.0) / 200);
        Assert.True(chi < 27.9, $"chi-square {chi} of {string.Join(' ', bins)}");
    }

    [Fact]
    public void After_Holm_a_family_without_any_difference_seldom_has_a_finding()
    {
        // 1,000 families of 12 tests that hang together, as metrics of one list do: test t is a shared part plus its own.
        var found = 0;
        for (var family = 0; family < 1_000; family++)
        {
            var random = new RandomStream(family, "families");
            var values = new double[40 * 12];
            for (var user = 0; user < 40; user++)
            {
                var shared = random.NextDouble() - 0.5;
                for (var test = 0; test < 12; test++)
                {
                    values[(user * 12) + test] = shared + random.NextDouble() - 0.5;
                }
            }

            found += Holm.Correct(Test(new UserValues(12, values), 999, family, threads: 2)).Any(p => p <= 0.05) ? 1 : 0;
        }

        // At most 5 %: 50 of 1,000, and three standard errors of sqrt(1,000 x 0.05 x 0.95) = 6.9 above that. Without Holm it would be some hundreds.
        Assert.InRange(found, 1, 71);
    }

    [Fact]
    public void A_real_difference_is_found()
    {
        // 100 users, mean difference 0.2 with standard deviation 0.29: 6.9 standard errors.
        var random = new RandomStream(1, "difference");

        Assert.Equal(0.0001, P(1, [.. Enumerable.Range(0, 100).Select(_ => new[] { random.NextDouble() - 0.3 })])[0], 15);
    }

    static double[] P(int tests, params double[][] users) => Test(new UserValues(tests, [.. users.SelectMany(user => user)]), SignFlipTest.Flips, 7, threads: 2);

    static double[] Test(UserValues values, int flips, int seed, int threads) =>
        SignFlipTest.PValues(values, flips, block => new RandomStream(seed, "sign flips", block), threads);
}
