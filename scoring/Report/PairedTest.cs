using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>A question to be tested: does a list differ from another by a metric?</summary>
public sealed record Comparison(string List, string Other, IMetric Metric)
{
    /// <summary>The questions of a report, one family: every tower with every other, and with each baseline but the oracle, by each headline metric.</summary>
    public static IReadOnlyList<Comparison> Of(string dataset, IReadOnlyList<string> towers, IReadOnlyList<string> baselines)
    {
        var others = towers.Concat(baselines.Where(baseline => baseline != Titles.Oracle)).ToList();
        return
        [
            .. from tower in towers.Index()
               from other in others.Skip(tower.Index + 1)
               from metric in Headline.Of(dataset)
               select new Comparison(tower.Item, other, metric),
        ];
    }
}

/// <summary>What came of a comparison.</summary>
/// <param name="Difference">The list minus the other, for the same users and seeds.</param>
/// <param name="P">Of this question alone; see <see cref="SignFlipTest"/>.</param>
/// <param name="PHolm">Corrected for the whole family.</param>
public sealed record PairedTest(Comparison Comparison, Interval Difference, double P, double PHolm)
{
    const double Level = 0.05;

    /// <summary>1 or -1 where the list is ahead or behind, by its interval and after Holm's correction; 0 where that is not told.</summary>
    public int Verdict => PHolm > Level ? 0 : Difference.Low > 0 ? 1 : Difference.High < 0 ? -1 : 0;
}
