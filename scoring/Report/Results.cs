using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Everything a report says, as numbers: metrics.json and report.html are two ways to write it down.</summary>
public sealed record Results
{
    public required string Dataset { get; init; }

    /// <summary>What a reader must know of the data before any number: "0.1 % sample"; null where nothing.</summary>
    public string? Label { get; init; }

    /// <summary>True if any input is, or derives from, generated data.</summary>
    public required bool IsSynthetic { get; init; }

    public required IReadOnlyList<string> Towers { get; init; }

    public required IReadOnlyList<IBaseline> Baselines { get; init; }

    /// <summary>Of the towers, then of the baselines; relevant are the catalogue's items.</summary>
    public required Evaluation Evaluation { get; init; }

    /// <summary>The same lists where relevant items outside the catalogue count too; null where nobody has any.</summary>
    public Evaluation? EvaluationOfAll { get; init; }

    /// <summary>Lists that are popularity's for every test user.</summary>
    public IReadOnlyList<string> SameAsPopularity { get; init; } = [];

    public required IReadOnlyList<DeadRun> DeadRuns { get; init; }

    public required IReadOnlyList<ListSpread> Spreads { get; init; }

    public IReadOnlyList<Breakdown> Breakdowns { get; init; } = [];

    public required IReadOnlyList<TrainingCurve> Curves { get; init; }

    public required IReadOnlyList<ItemLikes> ItemLikes { get; init; }

    /// <summary>Relations between metrics that do not hold, in words; a report with any is not written.</summary>
    public required IReadOnlyList<string> BrokenIdentities { get; init; }

    /// <summary>Manifests of everything that was read, in the order of the pipeline.</summary>
    public required IReadOnlyList<Manifest> Inputs { get; init; }

    public required int Resamples { get; init; }

    public int Seeds => Evaluation.Seeds.Count;

    /// <summary>The dataset's name, with its label where it has one.</summary>
    public string Title => Label is null ? Dataset : $"{Dataset} ({Label})";

    public MeasuredRow Row(string list, string metric) => Evaluation.Row(list, metric);
}

/// <summary>One metric of one list.</summary>
/// <param name="Users">Counted test users, all seeds together.</param>
/// <param name="BySeed">Mean over users, seed by seed.</param>
public sealed record MeasuredRow(string List, IMetric Metric, Interval Interval, int Users, IReadOnlyList<double> BySeed);

/// <summary>A model that says the same of everything.</summary>
/// <param name="Cause">"all scores are equal".</param>
public sealed record DeadRun(string List, int Seed, string Cause);

/// <summary>How a list spreads over the catalogue.</summary>
/// <param name="Audience">Who is given it: "test users" or "population".</param>
/// <param name="Users">How many lists were counted.</param>
public sealed record ListSpread(string List, string Audience, long Users, Concentration Concentration);

/// <summary>A metric of a tower's probe users through training.</summary>
/// <param name="Users">Counted probe users, all seeds together.</param>
public sealed record TrainingCurve(string Tower, IMetric Metric, int Users, IReadOnlyList<CurvePoint> Points);

/// <param name="Step">Training steps done.</param>
public readonly record struct CurvePoint(int Step, Interval Interval);

/// <summary>How often test users like an item, and how often a tower would recommend it, if each user got as many items as that user likes.</summary>
/// <param name="Actual">By item, all seeds together.</param>
/// <param name="Predicted">By item, all seeds together.</param>
public sealed record ItemLikes(string Tower, long[] Actual, long[] Predicted);
