using Pipeline.Scoring.Metrics;

namespace Pipeline.Unit.Scoring.Metrics;

public sealed class MetricsTests
{
    // Hits at ranks 2 and 4 of five; three items are relevant, one of them not in the list.
    static readonly int[] List = [7, 3, 9, 1, 5];
    static readonly int[] Relevant = [1, 3, 8];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.5)]
    [InlineData(5, 0.4)]
    public void Precision_is_hits_over_k(int k, double expected) => Assert.Equal(expected, Of(new Precision(k)), 15);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1 / 3.0)]
    [InlineData(5, 2 / 3.0)]
    public void Recall_is_hits_over_relevant(int k, double expected) => Assert.Equal(expected, Of(new Recall(k)), 15);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.5)]
    [InlineData(5, 0.5)]
    public void Reciprocal_rank_is_that_of_the_first_hit_and_0_past_k(int k, double expected) => Assert.Equal(expected, Of(new ReciprocalRank(k)), 15);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    public void Hit_rate_asks_for_one_hit(int k, double expected) => Assert.Equal(expected, Of(new HitRate(k)));

    [Fact]
    public void Ndcg_discounts_by_log2_and_cuts_the_ideal_at_k()
    {
        // k = 5: gain 1/log2(3) + 1/log2(5); ideal with three relevant 1/log2(2) + 1/log2(3) + 1/log2(4).
        var expected5 = (1 / Math.Log2(3) + 1 / Math.Log2(5)) / (1 + 1 / Math.Log2(3) + 1 / 2.0);
        // k = 2: gain 1/log2(3); ideal cut at two: 1 + 1/log2(3).
        var expected2 = 1 / Math.Log2(3) / (1 + 1 / Math.Log2(3));

        Assert.Equal(expected5, Of(new Ndcg(5)), 15);
        Assert.Equal(expected2, Of(new Ndcg(2)), 15);
    }

    [Fact]
    public void Average_precision_divides_by_the_smaller_of_relevant_and_k()
    {
        // Precision at the hits: 1/2 at rank 2, 2/4 at rank 4. Relevant 3 and k 5: divided by 3.
        Assert.Equal((1 / 2.0 + 2 / 4.0) / 3, Of(new MeanAveragePrecision(5)), 15);
        // k = 2: one hit, precision 1/2; min(3, 2) = 2.
        Assert.Equal(1 / 2.0 / 2, Of(new MeanAveragePrecision(2)), 15);
    }

    [Fact]
    public void A_list_shorter_than_k_misses_in_the_places_it_lacks()
    {
        int[] shortList = [3];
        var relevant = new RelevantItems(Relevant);

        Assert.Equal(1 / 5.0, new Precision(5).Of(shortList, relevant), 15);
        Assert.Equal(1 / 3.0, new Recall(5).Of(shortList, relevant), 15);
        Assert.Equal(1, new ReciprocalRank(5).Of(shortList, relevant));
        Assert.Equal(1, new HitRate(5).Of(shortList, relevant));
        // Gain 1 of an ideal 1 + 1/log2(3) + 1/2.
        Assert.Equal(1 / (1 + 1 / Math.Log2(3) + 0.5), new Ndcg(5).Of(shortList, relevant), 15);
        Assert.Equal(1 / 3.0, new MeanAveragePrecision(5).Of(shortList, relevant), 15);
    }

    [Fact]
    public void A_user_with_nothing_relevant_is_refused() => Assert.Throws<ArgumentException>(() => new HitRate(1).Of(List, new RelevantItems([])));

    [Fact]
    public void All_metrics_lie_between_0_for_no_hit_and_1_for_relevant_items_first()
    {
        int[] relevant = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        int[] worst = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];
        foreach (var metric in AllMetrics.List)
        {
            Assert.Equal(0, metric.Of(worst, new RelevantItems(relevant)));
            // Recall of 12 relevant items cannot pass k / 12; all others reach 1.
            Assert.Equal(metric is Recall ? metric.K / 12.0 : 1, metric.Of(relevant, new RelevantItems(relevant)), 15);
        }
    }

    [Fact]
    public void The_index_of_metrics_is_complete_and_names_are_unique()
    {
        var classes = typeof(IMetric).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IMetric))).Select(type => type.Name).Order();

        Assert.Equal(classes, AllMetrics.List.Select(metric => metric.GetType().Name).Distinct().Order());
        Assert.Equal(AllMetrics.List.Count, AllMetrics.List.Select(metric => metric.Name).Distinct().Count());
    }

    [Fact]
    public void A_report_has_the_metrics_that_others_rely_on()
    {
        string[] expected =
        [
            "P@1", "P@5", "P@10", "R@1", "R@5", "R@10", "MRR@1", "MRR@5", "MRR@10", "HR@1", "HR@5", "HR@10", "NDCG@1", "NDCG@5", "NDCG@10", "MAP@12",
        ];

        Assert.Equal(expected, AllMetrics.List.Select(metric => metric.Name));
        Assert.Equal(12, AllMetrics.LongestCutoff);
    }

    static double Of(IMetric metric) => metric.Of(List, new RelevantItems(Relevant));
}
