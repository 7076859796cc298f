using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Experiments;

/// <summary>All that an experiment found: its datasets, the tests between the towers as one family, and what becomes of the paper's claims.</summary>
public sealed class ExperimentResults
{
    readonly Dictionary<string, IReadOnlyList<PairedTest>> tests = new(StringComparer.Ordinal);

    /// <param name="datasets">In the order of the experiment.</param>
    public ExperimentResults(string name, IReadOnlyList<MeasuredDataset> datasets)
    {
        (Name, Datasets) = (name, datasets);
        var family = datasets.SelectMany(dataset => dataset.Tests).ToList();
        var corrected = Holm.Correct([.. family.Select(test => test.P)]);
        var next = 0;
        foreach (var dataset in datasets)
        {
            tests.Add(dataset.Name, [.. dataset.Tests.Select(test => test with { PHolm = corrected[next++] })]);
        }

        Claims = AllClaims.Of(this);
    }

    public string Name { get; }

    public IReadOnlyList<MeasuredDataset> Datasets { get; }

    /// <summary>What the experiment changes of the nightly runs, as its options have it: "datasets.vaccine.clusters.ageScale=standardised".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>How many tests between the towers there are, all datasets together.</summary>
    public int TestCount => tests.Values.Sum(ofDataset => ofDataset.Count);

    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>Null if it is not part of the experiment.</summary>
    public MeasuredDataset? Find(string dataset) => Datasets.FirstOrDefault(each => each.Name == dataset);

    /// <summary>Mamba minus Transformer by each tested metric; p is corrected for all tests of the experiment.</summary>
    public IReadOnlyList<PairedTest> TestsOf(string dataset) => tests[dataset];
}
