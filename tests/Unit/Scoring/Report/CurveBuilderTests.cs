using Pipeline.Models;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Report;

public sealed class CurveBuilderTests
{
    const int Users = 100, Items = 12;

    [Fact]
    public void Bands_take_users_whom_all_seeds_share_for_one_sample()
    {
        // Four seeds that agree on each of 100 users, of whom half have their item first. One sample: 0.5 +- 1.96 x 0.05 = 0.402 .. 0.598;
        // as 400 users it would be half as wide. Five standard errors of a quantile of 4,000 draws are 0.0105, and steps are 1/100.
        var shared = HitRate(sharesUsers: true);
        var own = HitRate(sharesUsers: false);

        Assert.Equal((0.5, 0.5), (shared.Value, own.Value));
        Assert.InRange(shared.Low, 0.402 - 0.0155, 0.402 + 0.0155);
        Assert.InRange(shared.High, 0.598 - 0.0155, 0.598 + 0.0155);
        // 0.5 +- 1.96 x 0.025.
        Assert.InRange(own.Low, 0.451 - 0.008, 0.451 + 0.008);
        Assert.InRange(own.High, 0.549 - 0.008, 0.549 + 0.008);
    }

    [Fact]
    public void Who_does_not_count_is_in_no_curve()
    {
        // The first 30 probe users do not count; of the other 70 every second one, 35, has a hit.
        var curve = Build(sharesUsers: true, firstCounted: 30)[0];

        Assert.Equal(4 * 70, curve.Users);
        Assert.Equal(0.5, curve.Points[0].Interval.Value);
        Assert.Empty(Build(sharesUsers: true, firstCounted: Users));
    }

    [Fact]
    public void Seeds_that_share_test_users_and_not_their_probes_are_damaged()
    {
        IReadOnlyList<ProbeStep>[] probes = [[Step(0)], [Step(1)]];

        var error = Assert.Throws<PipelineException>(() => CurveBuilder.Of("mamba", probes, [Relevant(0), Relevant(0)], Items, Resampling(true)));

        Assert.StartsWith("The seeds' models of mamba follow different probe users", error.Message);
    }

    static Pipeline.Scoring.Statistics.Interval HitRate(bool sharesUsers) =>
        Build(sharesUsers, firstCounted: 0).Single(curve => curve.Metric.Name == "HR@1").Points[0].Interval;

    static IReadOnlyList<TrainingCurve> Build(bool sharesUsers, int firstCounted) => CurveBuilder.Of(
        "mamba", [.. Enumerable.Repeat<IReadOnlyList<ProbeStep>>([Step(0)], 4)], [.. Enumerable.Repeat(Relevant(firstCounted), 4)], Items, Resampling(sharesUsers));

    static Resampling Resampling(bool sharesUsers) => new(4000, (purpose, index) => new RandomStream(1, purpose, index), Threads: 2, sharesUsers);

    /// <summary>Every list begins with item 0.</summary>
    static ProbeStep Step(int firstUser)
    {
        var list = Enumerable.Range(0, Items).ToArray();
        return new ProbeStep(
            250, [.. Enumerable.Range(firstUser, Users)], [.. Enumerable.Repeat(list, Users)], [.. Enumerable.Repeat(new float[Items], Users)], Loss: 1);
    }

    /// <summary>Users like item 0 and the last one in turn.</summary>
    static int[][] Relevant(int firstCounted) =>
        [.. Enumerable.Range(0, Users + 1).Select(user => user < firstCounted ? Array.Empty<int>() : [user % 2 == 0 ? 0 : Items - 1])];
}
