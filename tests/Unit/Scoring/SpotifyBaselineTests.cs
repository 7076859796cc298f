using Pipeline.Features;
using Pipeline.Features.Spotify;
using Pipeline.Ingest.Datasets;
using Pipeline.Scoring;
using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring;

public sealed class SpotifyBaselineTests
{
    const int TestUserCount = 10_000;

    /// <summary>Exact values over all users with a like, weighted as users are drawn; worked out apart from this program.</summary>
    static readonly Dictionary<string, (string Metric, double Exact)[]> Expected = new()
    {
        ["oracle"] = [("P@5", 0.983), ("P@10", 0.932), ("R@5", 0.405), ("R@10", 0.706)],
        ["popularity"] = [("P@1", 0.4065), ("P@5", 0.3914), ("P@10", 0.3826), ("HR@5", 0.9612), ("HR@10", 0.9930)],
    };

    [RealDataFact("spotify")]
    public void Oracle_and_popularity_have_the_exact_figures_of_the_real_files()
    {
        using var harness = new StageHarness("spotify", threads: 2);
        harness.Run(new SpotifyIngestStage(RealData.Folder("spotify"))).Run(new SpotifyFeatureStage())
            .Run(new SpotifyPairStage(new SpotifyPairsOptions { TestUsers = TestUserCount }));
        var relevant = TestUsers.Read(harness.Input(FeatureArtifacts.Test, 1)).Relevant;
        foreach (var baseline in AllBaselines.WithoutHistory.Where(baseline => Expected.ContainsKey(baseline.Id)))
        {
            harness.Run(new BaselineStage(baseline, new ListOptions()));
            var lists = TestLists.Read(harness.Input(ScoringArtifacts.TestLists(baseline.Id), 1), TestUserCount);
            var means = UserValues.Measure(AllMetrics.List, relevant, [lists.Items]).Means();
            foreach (var (name, exact) in Expected[baseline.Id])
            {
                var column = AllMetrics.List.TakeWhile(metric => metric.Name != name).Count();
                // A value in 0 .. 1 has a standard deviation of at most 0.5; of a mean over 10,000 users that is 0.005 (P@1), of those
                // whose values vary less, less. Three of them. Popularity is counted from 160,000 pairs, which may swap near ties.
                Assert.True(Math.Abs(exact - means[column]) < 0.015, $"{baseline.Id} {name}: {means[column]} instead of {exact}");
            }
        }
    }
}
