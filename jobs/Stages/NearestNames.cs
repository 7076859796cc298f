namespace Pipeline.Stages;

/// <summary>Which known name somebody may have meant.</summary>
public static class NearestNames
{
    /// <summary>What is longer is no misspelt name, and would take its length to compare for each of a million users.</summary>
    const int Longest = 200;

    /// <summary>The names with the smallest edit distance, nearest first; equal distances in the order given.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known, int count) =>
        name.Length > Longest ? [] : [.. known.Where(candidate => candidate.Length <= Longest).Distinct(StringComparer.Ordinal).OrderBy(candidate => Distance(name, candidate)).Take(count)];

    /// <summary>" Nearest: a, b." or nothing if nothing is known.</summary>
    public static string Hint(string name, IEnumerable<string> known, int count = 1) =>
        Of(name, known, count) is { Count: > 0 } nearest ? $" Nearest: {string.Join(", ", nearest)}." : "";

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other; letters' case does not count.</summary>
    internal static int Distance(string one, string other)
    {
        var (a, b) = (one.ToLowerInvariant(), other.ToLowerInvariant());
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                distance[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1, distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }

        return distance[a.Length, b.Length];
    }
}
