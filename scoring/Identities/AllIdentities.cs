namespace Pipeline.Scoring.Identities;

/// <summary>Relations that any correct table of metrics obeys, because they hold for each user and survive taking means.</summary>
/// <remarks>
/// HR, R, P and MRR as <see cref="Metrics"/> defines them. NDCG with gains 1 or 0. MAP@k divides by at most k (by the smaller of k and the
/// relevant items, by the hits, or by k).
/// </remarks>
public static class AllIdentities
{
    /// <param name="printed">What a row has.</param>
    /// <param name="hasOneRelevantEach">True if every counted user has exactly one relevant item.</param>
    public static IReadOnlyList<Identity> Of(IReadOnlyCollection<MetricName> printed, bool hasOneRelevantEach)
    {
        var add = new IdentityBuilder(printed);
        foreach (var metric in printed)
        {
            add.AtLeastZero($"{metric} >= 0", 0, (1, metric.Id, metric.K));
            add.AtLeastZero($"{metric} <= 1", 1, (-1, metric.Id, metric.K));
        }

        AtOne(add, printed);
        foreach (var k in add.Cutoffs.Where(k => k > 0))
        {
            At(add, k);
        }

        foreach (var b in add.Cutoffs.Where(b => b > 1))
        {
            foreach (var a in add.Cutoffs.Where(a => a < b))
            {
                Between(add, a, b);
                if (hasOneRelevantEach)
                {
                    NdcgOfOneRelevant.Between(add, a, b);
                }
            }
        }

        foreach (var (first, second) in hasOneRelevantEach ? EqualOfOneRelevant(printed) : [])
        {
            var (a, b) = (Scale(first), Scale(second));
            add.Equal($"{Times(a)}{first} = {Times(b)}{second} with one relevant item per user", (a, first.Id, first.K), (-b, second.Id, second.K));
        }

        foreach (var map in printed.Where(metric => metric.Id == "MAP"))
        {
            LeastAveragePrecision.Of(add, map.K);
        }

        return add.Identities;
    }

    /// <summary>What is equal, after <see cref="Scale"/>, if every user has one relevant item; and what need not be, if some have more.</summary>
    public static IEnumerable<(MetricName First, MetricName Second)> EqualOfOneRelevant(IReadOnlyCollection<MetricName> printed) =>
        from first in printed
        from second in printed
        where first.K == second.K && (first.Id, second.Id, first.K) is ("HR", "R", _) or ("R", "P", _) or ("HR", "P", > 1) or ("MRR", "MAP", > 1)
        select (first, second);

    /// <summary>How many hits a precision of 1 is; 1 for what is counted in users.</summary>
    public static int Scale(MetricName metric) => metric.Id == "P" ? metric.K : 1;

    static void AtOne(IdentityBuilder add, IReadOnlyCollection<MetricName> printed)
    {
        string[] same = [.. new[] { "HR", "P", "MRR", "NDCG", "MAP" }.Where(id => printed.Contains(new MetricName(id, 1)))];
        foreach (var id in same.Skip(1))
        {
            add.Equal($"{id}@1 = {same[0]}@1", (1, id, 1), (-1, same[0], 1));
        }
    }

    static void At(IdentityBuilder add, int k)
    {
        add.AtLeastZero($"R@{k} <= HR@{k}", 0, (1, "HR", k), (-1, "R", k));
        add.AtLeastZero($"R@{k} <= {k} P@{k}", 0, (k, "P", k), (-1, "R", k));
        add.AtLeastZero($"R@{k} / {k} <= MRR@{k}", 0, (1, "MRR", k), (-1.0 / k, "R", k));
        if (k > 1)
        {
            add.AtLeastZero($"P@{k} <= HR@{k}", 0, (1, "HR", k), (-1, "P", k));
            add.AtLeastZero($"NDCG@{k} <= HR@{k}", 0, (1, "HR", k), (-1, "NDCG", k));
            add.AtLeastZero($"MAP@{k} <= HR@{k}", 0, (1, "HR", k), (-1, "MAP", k));
            add.AtLeastZero($"MRR@{k} <= {k} P@{k}", 0, (k, "P", k), (-1, "MRR", k));
        }
    }

    /// <param name="a">0 for the first b alone.</param>
    static void Between(IdentityBuilder add, int a, int b)
    {
        // A first hit at rank a + 1 .. b adds 1 to HR, between 1/b and 1/(a + 1) to MRR, and as one hit among others 1 to b P and at most 1 to R.
        add.AtLeastZero($"{Gain("MRR", a, b)} >= {Part(Gain("HR", a, b), a)} / {b}", 0,
            (1, "MRR", b), (-1, "MRR", a), (-1.0 / b, "HR", b), (1.0 / b, "HR", a));
        add.AtLeastZero($"{Gain("MRR", a, b)} <= {Part(Gain("HR", a, b), a)}{(a > 0 ? $" / {a + 1}" : "")}", 0,
            (-1, "MRR", b), (1, "MRR", a), (1.0 / (a + 1), "HR", b), (-1.0 / (a + 1), "HR", a));
        add.AtLeastZero($"{Hits(a, b)} >= {Gain("HR", a, b)}", 0, (b, "P", b), (-a, "P", a), (-1, "HR", b), (1, "HR", a));
        if (a == 0)
        {
            return;
        }

        add.AtLeastZero($"{Hits(a, b)} >= {Gain("R", a, b)}", 0, (b, "P", b), (-a, "P", a), (-1, "R", b), (1, "R", a));
        add.AtLeastZero($"{b} P@{b} >= {Times(a)}P@{a}", 0, (b, "P", b), (-a, "P", a));
        add.AtLeastZero($"{Hits(a, b)} <= {b - a}", b - a, (-b, "P", b), (a, "P", a));
        foreach (var id in new[] { "HR", "R", "MRR" })
        {
            add.AtLeastZero($"{id}@{a} <= {id}@{b}", 0, (1, id, b), (-1, id, a));
        }

        // What would follow in two steps over a number that is not printed.
        if (!add.Prints("R", b) && !add.Prints("HR", a))
        {
            add.AtLeastZero($"R@{a} <= HR@{b}", 0, (1, "HR", b), (-1, "R", a));
        }

        if (!add.Prints("MRR", b) && !add.Prints("HR", a) && a > 1)
        {
            add.AtLeastZero($"MRR@{a} <= HR@{b}", 0, (1, "HR", b), (-1, "MRR", a));
        }

        if (!add.Prints("MRR", a) && !add.Prints("HR", b) && a > 1)
        {
            add.AtLeastZero($"HR@{a} / {a} <= MRR@{b}", 0, (1, "MRR", b), (-1.0 / a, "HR", a));
        }
    }

    static string Gain(string id, int a, int b) => a == 0 ? $"{id}@{b}" : $"{id}@{b} - {id}@{a}";

    static string Hits(int a, int b) => a == 0 ? $"{b} P@{b}" : $"{b} P@{b} - {Times(a)}P@{a}";

    static string Part(string sum, int a) => a == 0 ? sum : $"({sum})";

    static string Times(int factor) => factor == 1 ? "" : $"{factor} ";
}
