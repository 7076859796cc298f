namespace Pipeline.Scoring.Identities;

/// <summary>What MAP@k cannot be below, by what the other metrics say of the same lists.</summary>
/// <remarks>
/// A user has h(c) hits among the first c places, the i-th of them at rank r(i), and AP = S / m with S = sum of i / r(i). For cutoffs c up to
/// k, each followed by the next one d, let w = 1/c - 1/d, and w = 1/c for the last. A hit whose first cutoff is c then counts 1/c in the sums below.
/// <code>
/// first:   S >= A = sum of w h(c)                                    since i >= 1 and r(i) &lt;= c
/// second:  S >= B = MRR + 2 x sum of w (h(c) - HR@c)                 the first hit exactly, of later ones i >= 2
/// m &lt;= k:            AP >= B / k
/// m = min(k, n):     AP = S / k + S (1/m - 1/k) >= B / k + A (1/m - 1/k) >= A / n + (B - A) / k       since n >= m
/// </code>
/// h(c) = c P@c and h(c) / n = R@c, n being the user's relevant items, so both bounds are linear. The first holds for every way to divide that is
/// in use; the second is higher, and is the least MAP that any lists with the paper's H&amp;M rows have.
/// </remarks>
static class LeastAveragePrecision
{
    public static void Of(IdentityBuilder add, int k)
    {
        int[] both = [.. add.Cutoffs.Where(c => c > 1 && c <= k && add.Prints("P", c) && add.Prints("HR", c))];
        if (both.Length > 0)
        {
            AtMostKDivided(add, k, both);
        }

        int[] all = [.. both.Where(c => add.Prints("R", c))];
        if (all.Length > 0)
        {
            AsRelevantDivided(add, k, all);
        }
    }

    static void AtMostKDivided(IdentityBuilder add, int k, int[] cutoffs)
    {
        var terms = new List<(double, string, int)> { (1, "MAP", k), (-1.0 / k, "MRR", cutoffs[^1]) };
        foreach (var (i, c) in cutoffs.Index())
        {
            var worth = 2.0 * Numerator(cutoffs, i) / Denominator(cutoffs, i) / k;
            terms.Add((-worth * c, "P", c));
            terms.Add((worth, "HR", c));
        }

        var later = cutoffs.Select((c, i) => $"2/{c} ({c} P@{c} - HR@{c}{(i == 0 ? "" : $" - {cutoffs[i - 1]} P@{cutoffs[i - 1]} + HR@{cutoffs[i - 1]}")})");
        add.AtLeastZero($"MAP@{k} >= (MRR@{cutoffs[^1]} + {string.Join(" + ", later)}) / {k}", 0, terms);
    }

    static void AsRelevantDivided(IdentityBuilder add, int k, int[] cutoffs)
    {
        var terms = new List<(double, string, int)> { (1, "MAP", k), (-1.0 / k, "MRR", cutoffs[^1]) };
        foreach (var (i, c) in cutoffs.Index())
        {
            var worth = (double)Numerator(cutoffs, i) / Denominator(cutoffs, i);
            terms.Add((-worth, "R", c));
            terms.Add((-worth * c / k, "P", c));
            terms.Add((2 * worth / k, "HR", c));
        }

        var found = cutoffs.Select((c, i) => $"{Worth(cutoffs, i)} R@{c}");
        var later = cutoffs.Select((c, i) => $"{Worth(cutoffs, i)} ({c} P@{c} - 2 HR@{c})");
        add.AtLeastZero(
            $"MAP@{k} >= {string.Join(" + ", found)} + (MRR@{cutoffs[^1]} + {string.Join(" + ", later)}) / {k}",
            0,
            terms,
            $"MAP@{k} divides by the smaller of {k} and a user's relevant items");
    }

    /// <summary>1/c - 1/d = (d - c) / (c d).</summary>
    static int Numerator(int[] cutoffs, int i) => i + 1 < cutoffs.Length ? cutoffs[i + 1] - cutoffs[i] : 1;

    static int Denominator(int[] cutoffs, int i) => i + 1 < cutoffs.Length ? cutoffs[i] * cutoffs[i + 1] : cutoffs[i];

    static string Worth(int[] cutoffs, int i)
    {
        var (up, down) = (Numerator(cutoffs, i), Denominator(cutoffs, i));
        var common = Enumerable.Range(1, up).Last(factor => up % factor == 0 && down % factor == 0);
        return $"{up / common}/{down / common}";
    }
}
