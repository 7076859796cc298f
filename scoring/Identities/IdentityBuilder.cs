namespace Pipeline.Scoring.Identities;

/// <summary>Collects the relations whose metrics are all printed.</summary>
sealed class IdentityBuilder(IReadOnlyCollection<MetricName> printed)
{
    /// <summary>What is the same number at a cutoff of 1, so that any stands for the others.</summary>
    static readonly string[] SameAtOne = ["HR", "P", "MRR"];

    readonly HashSet<MetricName> printed = [.. printed];

    public List<Identity> Identities { get; } = [];

    /// <summary>Ascending, and 0 before them: nothing is found among the first 0.</summary>
    public IReadOnlyList<int> Cutoffs { get; } = [0, .. printed.Select(metric => metric.K).Distinct().Order()];

    public bool Prints(string id, int k) => printed.Contains(new MetricName(id, k));

    public void AtLeastZero(string text, double constant, params IReadOnlyList<(double Factor, string Id, int K)> terms) => AtLeastZero(text, constant, terms, null);

    /// <summary>Adds that the sum is at least 0, unless one of its metrics is neither printed nor equal to one that is.</summary>
    public void AtLeastZero(string text, double constant, IReadOnlyList<(double Factor, string Id, int K)> terms, string? supposing)
    {
        var factors = new Dictionary<MetricName, double>();
        foreach (var (factor, id, k) in terms)
        {
            if (k == 0)
            {
                continue;
            }

            if (Find(id, k) is not { } metric)
            {
                return;
            }

            factors[metric] = factors.GetValueOrDefault(metric) + factor;
        }

        Identities.Add(new Identity(text, constant, [.. factors.Select(pair => (pair.Key, pair.Value))]) { Supposing = supposing });
    }

    public void Equal(string text, params IReadOnlyList<(double Factor, string Id, int K)> terms)
    {
        AtLeastZero(text, 0, terms);
        AtLeastZero(text, 0, [.. terms.Select(term => (-term.Factor, term.Id, term.K))]);
    }

    MetricName? Find(string id, int k)
    {
        var metric = new MetricName(id, k);
        if (printed.Contains(metric) || k > 1 || !SameAtOne.Contains(id))
        {
            return printed.Contains(metric) ? metric : null;
        }

        return SameAtOne.Where(other => Prints(other, 1)).Select(other => new MetricName(other, 1)).Cast<MetricName?>().FirstOrDefault();
    }
}
