namespace Pipeline.Scoring.Metrics;

/// <summary>How good one list is for one user, from 0 (worst) to 1 (best). A report gives its mean over the users who have a relevant item.</summary>
public interface IMetric
{
    /// <summary>Short name without the cutoff, as metrics.json has it: "NDCG".</summary>
    string Id { get; }

    /// <summary>The cutoff: entries after the k-th do not count. At least 1.</summary>
    int K { get; }

    /// <summary>One sentence for the reader of a report.</summary>
    string Meaning { get; }

    /// <summary>"NDCG@10".</summary>
    string Name => $"{Id}@{K}";

    /// <param name="list">Items, best first, without repeats. A list shorter than k misses in the places it lacks.</param>
    double Of(ReadOnlySpan<int> list, RelevantItems relevant);
}
