using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void The_value_is_the_mean_over_seeds_of_the_mean_over_users()
    {
        // Means 0.5 (of 2 users) and 0.75 (of 4): each seed weighs the same, so 0.625, not 4/6.
        var bootstrap = Draw([Column(0, 1), Column(1, 1, 1, 0)], 100);

        Assert.Equal(0.625, bootstrap.Of(0).Value, 15);
    }

    [Fact]
    public void An_interval_is_as_wide_as_the_standard_error_says()
    {
        // 400 users, half of them 1: standard error of the mean sqrt(0.25 / 400) = 0.025, so 0.5 +- 1.96 x 0.025 = 0.451 .. 0.549.
        var values = Enumerable.Range(0, 400).Select(i => (double)(i % 2)).ToArray();

        var interval = Draw([Column(values)], 4000).Of(0);

        // A bound is a quantile of 4,000 draws: its standard error is 0.025 sqrt(0.025 x 0.975 / 4000) / 0.058 = 0.0011; five of those.
        Assert.InRange(interval.Low, 0.451 - 0.0055, 0.451 + 0.0055);
        Assert.InRange(interval.High, 0.549 - 0.0055, 0.549 + 0.0055);
    }

    [Fact]
    public void Intervals_hold_the_truth_about_as_often_as_they_say()
    {
        // 200 samples of 60 users from a coin of 0.3. The truth is in a 95 % interval for 190 +- 5 x sqrt(200 x .05 x .95) = 190 +- 15
        // of them; the percentile interval of so few users is a little narrow.
        var held = 0;
        for (var sample = 0; sample < 200; sample++)
        {
            var coin = new RandomStream(sample, "coin");
            var values = Enumerable.Range(0, 60).Select(_ => coin.NextDouble() < 0.3 ? 1.0 : 0).ToArray();
            held += Draw([Column(values)], 300).Of(0).Contains(0.3) ? 1 : 0;
        }

        Assert.InRange(held, 175, 200);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        UserValues[] seeds = [Random(1, 40, 7), Random(2, 33, 7), Random(3, 21, 7)];

        var one = Draw(seeds, 200, threads: 1);
        var four = Draw(seeds, 200, threads: 4);

        Assert.All(Enumerable.Range(0, 7), column => Assert.Equal(one.Of(column), four.Of(column)));
    }

    [Fact]
    public void Seeds_that_differ_widen_the_interval_beyond_that_of_their_users()
    {
        // Two seeds whose users agree among themselves: users alone say nothing is uncertain, seeds say everything is.
        var low = Column([.. Enumerable.Repeat(0.0, 50)]);
        var high = Column([.. Enumerable.Repeat(1.0, 50)]);
        var flat = Column([.. Enumerable.Repeat(0.0, 50), .. Enumerable.Repeat(1.0, 50)]);

        var hierarchical = Draw([low, high], 1000).Of(0);
        var pooled = Draw([flat], 1000).Of(0);

        // Both draws are the same seed in half of the resamples, so 0 and 1 each hold a quarter of them.
        Assert.Equal(new Interval(0.5, 0, 1), hierarchical);
        // 0.5 +- 1.96 sqrt(0.25 / 100).
        Assert.InRange(pooled.Low, 0.36, 0.44);
        Assert.InRange(pooled.High, 0.56, 0.64);
    }

    [Fact]
    public void Users_whom_all_seeds_share_are_drawn_once_for_all_of_them()
    {
        // Four seeds that agree on each of 100 users, half of them 1. As 400 users the mean would be sure to 0.025; they are 100, so to 0.05:
        // 0.5 +- 1.96 x 0.05 = 0.402 .. 0.598.
        var seed = Column([.. Enumerable.Range(0, 100).Select(i => (double)(i % 2))]);

        var interval = Draw([seed, seed, seed, seed], 4000, sharesUsers: true).Of(0);

        // Five standard errors of a quantile of 4,000 draws: 0.05 sqrt(0.025 x 0.975 / 4000) / 0.058 = 0.0021 each; steps are 1/100.
        Assert.Equal(0.5, interval.Value, 12);
        Assert.InRange(interval.Low, 0.402 - 0.0155, 0.402 + 0.0155);
        Assert.InRange(interval.High, 0.598 - 0.0155, 0.598 + 0.0155);
    }

    [Fact]
    public void Shared_users_do_not_hide_that_seeds_differ()
    {
        // Users agree within a seed; a resample holds seed 2 never, once or twice: 0, 0.5 or 1.
        var interval = Draw([Column(0, 0, 0, 0), Column(1, 1, 1, 1)], 1000, sharesUsers: true).Of(0);

        Assert.Equal(new Interval(0.5, 0, 1), interval);
    }

    [Fact]
    public void A_difference_of_columns_is_paired()
    {
        // Column 1 is column 0 plus 0.1 for every user: each is uncertain, their difference is not.
        var random = new RandomStream(1, "pairs");
        var values = Enumerable.Range(0, 50).Select(_ => random.NextDouble()).SelectMany(value => new[] { value, value + 0.1 }).ToArray();

        var bootstrap = Draw([new UserValues(2, values)], 500);
        var difference = bootstrap.Of(row => row[1] - row[0]);

        Assert.True(bootstrap.Of(0).High - bootstrap.Of(0).Low > 0.1);
        // 1e-12: rounding of sums of 50 doubles.
        Assert.Equal(0.1, difference.Low, 1e-12);
        Assert.Equal(0.1, difference.High, 1e-12);
    }

    [Fact]
    public void A_statistic_that_has_no_value_in_some_resample_has_no_bound()
    {
        var interval = Draw([Column(0, 1)], 100).Of(row => row[0] == 0 ? double.NaN : 1 / row[0]);

        Assert.Equal(2, interval.Value);
        Assert.True(double.IsNaN(interval.Low));
        Assert.True(double.IsNaN(interval.High));
    }

    [Fact]
    public void A_quantile_lies_between_its_two_neighbours()
    {
        // Five values at shares 0, 1/4, 1/2, 3/4, 1: share 0.3 is a fifth of the way from the second to the third.
        Assert.Equal(2.4, Bootstrap.Quantile([0, 2, 4, 6, 8], 0.3), 12);
        Assert.Equal(8, Bootstrap.Quantile([0, 2, 4, 6, 8], 1));
    }

    [Fact]
    public void A_seed_without_users_is_refused() => Assert.Throws<ArgumentException>(() => Draw([Column(1), Column()], 10));

    static Bootstrap Draw(UserValues[] seeds, int resamples, int threads = 2, bool sharesUsers = false) =>
        Bootstrap.Draw(seeds, resamples, resample => new RandomStream(5, "bootstrap", resample), threads, sharesUsers);

    static UserValues Column(params double[] values) => new(1, values);

    static UserValues Random(int seed, int users, int columns)
    {
        var random = new RandomStream(seed, "values");
        return new UserValues(columns, [.. Enumerable.Range(0, users * columns).Select(_ => random.NextDouble())]);
    }
}
