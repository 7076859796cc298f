using Pipeline.Scoring.Experiments;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring.Experiments;

/// <summary>Datasets as an experiment sees them, with numbers that are easy to judge.</summary>
static class HandMade
{
    public static readonly string[] Vaccine = ["vaccine-25x25", "vaccine-25x50", "vaccine-25x100", "vaccine-50x50", "vaccine-50x100", "vaccine-100x100"];

    /// <summary>Every metric of a tower is the same number; every interval reaches as far to both sides.</summary>
    /// <param name="half">Length of half an interval.</param>
    /// <param name="p">Of the test by HR@1; the other, by P@5, never tells anything.</param>
    public static MeasuredDataset Dataset(string name, double mamba, double transformer, double half = 0.01, double p = 0.0001) => new()
    {
        Name = name,
        Seeds = [1, 2],
        Rows = [.. Rows(MeasuredDataset.Mamba, mamba, half), .. Rows(MeasuredDataset.Transformer, transformer, half)],
        Tests =
        [
            Test(new HitRate(1), Around(mamba - transformer, half), p),
            Test(new Precision(5), Around(0, half), 1),
        ],
        Ratios = new Dictionary<string, Interval> { ["HR@1"] = Around(mamba / transformer, half) },
    };

    public static ExperimentResults Experiment(params MeasuredDataset[] datasets) => new("hand", datasets);

    /// <summary>All six settings, each with its own pair of numbers.</summary>
    public static ExperimentResults VaccineOf(Func<string, (double Mamba, double Transformer)> numbers, double half = 0.01) =>
        Experiment([.. Vaccine.Select(name => Dataset(name, numbers(name).Mamba, numbers(name).Transformer, half))]);

    static IEnumerable<MeasuredRow> Rows(string tower, double value, double half) =>
        AllMetrics.List.Select(metric => new MeasuredRow(tower, metric, Around(value, half), 200, [value, value]));

    static PairedTest Test(IMetric metric, Interval difference, double p) =>
        new(AllMetrics.List.Where(each => each.Name == metric.Name).Select(each => new Comparison(MeasuredDataset.Mamba, MeasuredDataset.Transformer, each)).Single(), difference, p, p);

    static Interval Around(double value, double half) => new(value, value - half, value + half);
}
