using Pipeline.Scoring.Experiments;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring.Experiments;

/// <summary>Every verdict turns when the numbers turn.</summary>
public sealed class ClaimTests
{
    [Theory]
    [InlineData(0.6, 0.5, 0.0001, Verdict.Holds)]
    [InlineData(0.5, 0.6, 0.0001, Verdict.DoesNotHold)]
    // The interval leaves 0 out, but chance alone would give as much once in ten.
    [InlineData(0.6, 0.5, 0.1, Verdict.CannotBeTold)]
    // p is small, but the interval (-0.005 .. 0.015) holds 0.
    [InlineData(0.505, 0.5, 0.0001, Verdict.CannotBeTold)]
    public void At_least_as_good_needs_the_interval_and_the_test(double mamba, double transformer, double p, Verdict expected) =>
        Assert.Equal(expected, Find(HandMade.Experiment(HandMade.Dataset("spotify", mamba, transformer, p: p)), "on Spotify").Verdict);

    [Fact]
    public void Behind_by_one_metric_outweighs_ahead_by_another()
    {
        var ahead = HandMade.Dataset("spotify", 0.6, 0.5);
        var behind = HandMade.Dataset("spotify", 0.4, 0.5).Tests[0];
        var both = ahead with { Tests = [ahead.Tests[0], ahead.Tests[1] with { Difference = behind.Difference, P = behind.P }] };

        Assert.Equal(Verdict.DoesNotHold, Find(HandMade.Experiment(both), "on Spotify").Verdict);
    }

    [Fact]
    public void P_is_corrected_for_the_tests_of_all_datasets()
    {
        // Two tests a dataset, one of them with p = 0.02: 0.02 x 2 = 0.04 alone, but 0.02 x 4 = 0.08 where another dataset has two more.
        var spotify = HandMade.Dataset("spotify", 0.6, 0.5, p: 0.02);

        Assert.Equal(Verdict.Holds, Find(HandMade.Experiment(spotify), "on Spotify").Verdict);
        var two = HandMade.Experiment(spotify, HandMade.Dataset("hm", 0.5, 0.5, p: 0.9));
        Assert.Equal(0.08, two.TestsOf("spotify")[0].PHolm, 12);
        Assert.Equal(Verdict.CannotBeTold, Find(two, "on Spotify").Verdict);
    }

    [Theory]
    // 5 % of 0.5 is 0.025.
    [InlineData(0.505, 0.01, Verdict.Holds)]
    [InlineData(0.53, 0.01, Verdict.CannotBeTold)]
    [InlineData(0.505, 0.03, Verdict.CannotBeTold)]
    [InlineData(0.56, 0.01, Verdict.DoesNotHold)]
    [InlineData(0.44, 0.01, Verdict.DoesNotHold)]
    public void About_equal_is_an_interval_within_5_percent(double mamba, double half, Verdict expected) =>
        Assert.Equal(expected, Find(HandMade.Experiment(HandMade.Dataset("hm", mamba, 0.5, half)), "about equal on H&M").Verdict);

    [Theory]
    [InlineData(0.6, Verdict.Holds)]
    [InlineData(0.4, Verdict.DoesNotHold)]
    [InlineData(0.5, Verdict.CannotBeTold)]
    public void All_settings_are_as_good_as_the_last_of_them(double last, Verdict expected)
    {
        var results = HandMade.VaccineOf(name => (name == "vaccine-100x100" ? last : 0.6, 0.5));

        Assert.Equal(Verdict.Holds, Find(results, "on vaccine 25x25").Verdict);
        Assert.Equal(expected, Find(results, "on vaccine 100x100").Verdict);
        Assert.Equal(expected, Find(results, "in all 6 settings").Verdict);
    }

    [Fact]
    public void A_setting_that_was_not_run_cannot_be_told_and_neither_can_all()
    {
        var results = HandMade.Experiment([.. HandMade.Vaccine.Skip(1).Select(name => HandMade.Dataset(name, 0.6, 0.5))]);

        Assert.Equal(Verdict.CannotBeTold, Find(results, "on vaccine 25x25").Verdict);
        Assert.Contains("not part of this experiment", Find(results, "on vaccine 25x25").Sentence);
        Assert.Equal(Verdict.CannotBeTold, Find(results, "in all 6 settings").Verdict);
    }

    [Theory]
    [InlineData(4, Verdict.Holds)]
    [InlineData(3, Verdict.DoesNotHold)]
    [InlineData(0, Verdict.DoesNotHold)]
    public void Nearly_doubled_in_most_settings_is_at_least_4_of_6(int doubled, Verdict expected) =>
        Assert.Equal(expected, Find(HandMade.VaccineOf(name => (Array.IndexOf(HandMade.Vaccine, name) < doubled ? 0.38 : 0.22, 0.2)), "nearly doubles").Verdict);

    [Fact]
    public void A_ratio_whose_interval_holds_the_limit_tells_nothing() =>
        Assert.Equal(Verdict.CannotBeTold, Find(HandMade.VaccineOf(_ => (0.301, 0.2)), "nearly doubles").Verdict);

    [Theory]
    // Quality as the paper has it: less with more clusters, less with more messages.
    [InlineData(-0.1, -0.1, Verdict.Holds, Verdict.Holds)]
    [InlineData(0.1, -0.1, Verdict.DoesNotHold, Verdict.Holds)]
    [InlineData(-0.1, 0.1, Verdict.Holds, Verdict.DoesNotHold)]
    [InlineData(0, -0.1, Verdict.CannotBeTold, Verdict.Holds)]
    [InlineData(-0.1, 0, Verdict.Holds, Verdict.CannotBeTold)]
    public void Quality_falls_where_every_step_falls(double byClusters, double byMessages, Verdict clusters, Verdict messages)
    {
        var results = HandMade.VaccineOf(name =>
        {
            var sizes = name["vaccine-".Length..].Split('x').Select(size => Math.Log2(int.Parse(size, null) / 25)).ToArray();
            var quality = 0.5 + byClusters * sizes[0] + byMessages * sizes[1];
            return (quality, quality);
        });

        Assert.Equal(clusters, Find(results, "as clusters grow").Verdict);
        Assert.Equal(messages, Find(results, "as messages grow").Verdict);
    }

    [Fact]
    public void One_step_that_rises_refutes_the_fall()
    {
        var results = HandMade.VaccineOf(name => (name switch { "vaccine-100x100" => 0.4, _ when name.Contains("-50x") => 0.3, _ => 0.5 }, 0.5));

        Assert.Equal(Verdict.DoesNotHold, Find(results, "as clusters grow").Verdict);
    }

    [Fact]
    public void A_fall_of_which_a_step_was_not_run_cannot_be_told()
    {
        var results = HandMade.Experiment(HandMade.Dataset("vaccine-25x50", 0.6, 0.5), HandMade.Dataset("vaccine-50x50", 0.4, 0.3));

        Assert.Equal(Verdict.CannotBeTold, Find(results, "as clusters grow").Verdict);
        Assert.Contains("2 steps of 3 cannot be seen", Find(results, "as clusters grow").Sentence);
    }

    [Theory]
    [InlineData(0.4, 0.5, Verdict.Holds)]
    [InlineData(0.6, 0.5, Verdict.DoesNotHold)]
    [InlineData(0.505, 0.5, Verdict.CannotBeTold)]
    public void Who_is_ahead_by_one_metric_is_the_tests_verdict(double mamba, double transformer, Verdict expected) =>
        Assert.Equal(expected, Find(HandMade.Experiment(HandMade.Dataset("hm", mamba, transformer)), "by HR@1 on H&M").Verdict);

    [Theory]
    [InlineData(0.92, 0.95, 2_000, Verdict.Holds)]
    [InlineData(0.95, 0.905, 2_000, Verdict.CannotBeTold)]
    [InlineData(0.95, 0.88, 2_000, Verdict.DoesNotHold)]
    [InlineData(0.95, 0.95, 1_900, Verdict.CannotBeTold)]
    public void An_early_hit_rate_needs_both_towers_at_that_step(double mamba, double transformer, int step, Verdict expected)
    {
        TrainingCurve Curve(string tower, double value) => new(tower, new HitRate(5), 200, [new CurvePoint(step, new Interval(value, value - 0.01, value + 0.01))]);
        var spotify = HandMade.Dataset("spotify", 0.6, 0.5) with { Curves = [Curve(MeasuredDataset.Mamba, mamba), Curve(MeasuredDataset.Transformer, transformer)] };

        Assert.Equal(expected, Find(HandMade.Experiment(spotify), "after 2,000 steps").Verdict);
    }

    [Theory]
    [InlineData(-3, -2, 2, Verdict.Holds)]
    [InlineData(-3, 2, 2, Verdict.DoesNotHold)]
    [InlineData(-3, 0, 2, Verdict.CannotBeTold)]
    [InlineData(-3, -2, 1, Verdict.CannotBeTold)]
    public void Both_ends_of_the_likes_are_judged_by_their_intervals(double first, double last, int seeds, Verdict expected)
    {
        RankedLikes Likes(string tower) => new(tower, seeds, [.. new[] { first, 5, last }.Select(value => new Interval(value, value - 1, value + 1))]);
        var vaccine = HandMade.Dataset("vaccine-25x50", 0.6, 0.5) with { Likes = [Likes(MeasuredDataset.Mamba), Likes(MeasuredDataset.Transformer)] };

        Assert.Equal(expected, Find(HandMade.Experiment(vaccine), "than like them").Verdict);
    }

    static Claim Find(ExperimentResults results, string part) => Assert.Single(results.Claims, claim => claim.Text.EndsWith(part, StringComparison.Ordinal)
        || claim.Text.Contains(part + " ", StringComparison.Ordinal) || claim.Text.Contains(part + ",", StringComparison.Ordinal));
}
