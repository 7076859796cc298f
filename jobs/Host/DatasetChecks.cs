namespace Pipeline.Host;

/// <summary>What must hold for the options of every dataset.</summary>
static class DatasetChecks
{
    public static IEnumerable<(string Path, string Message)> Of(string? raw, IReadOnlyList<int> seeds)
    {
        if (seeds.Count == 0)
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
}
