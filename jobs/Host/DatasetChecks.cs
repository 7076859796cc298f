using Pipeline.Scoring;

namespace Pipeline.Host;

/// <summary>What must hold for the options of every dataset.</summary>
static class DatasetChecks
{
    const int MostSeeds = 1_000;

    public static IEnumerable<(string Path, string Message)> Of(string? raw, IReadOnlyList<int> seeds)
    {
        if (seeds.Count > MostSeeds)
        {
            yield return ("seeds", $"names {seeds.Count} seeds; it must be at most {MostSeeds}, for each is a model of its own.");
        }
        else if (seeds.Count == 0)
        {
            yield return ("seeds", "is empty; it must name at least one seed.");
        }
        else if (seeds.Distinct().Count() < seeds.Count)
        {
            yield return ("seeds", $"is [{string.Join(", ", seeds)}]; every seed must be there once.");
        }

        if (raw is { Length: 0 })
        {
            yield return ("raw", "is empty; it must name a folder, or be absent.");
        }
    }

    /// <summary>For a dataset that does not know who took what.</summary>
    public static IEnumerable<(string Path, string Message)> WithoutPurchases(ListOptions scoring)
    {
        if (scoring.MaskBought)
        {
            yield return ("scoring.maskBought", "is true; it must be false, for these data tell of nobody's purchases.");
        }
    }
}
