namespace Pipeline.Scoring.Identities;

/// <summary>Where hit rate and reciprocal rank force NDCG to lie if every user has one relevant item.</summary>
/// <remarks>
/// A hit at rank r adds 1 to HR, x = 1/r to MRR and y = 1/log2(r + 1) to NDCG. So what the ranks a + 1 .. b add to NDCG lies in the convex hull of
/// their points, at the mean x of their hits. y is concave in x, so the hull's floor is the chord between its ends, and its roof the lines
/// between neighbours. Where MRR is not printed, a hit adds at least y(b) and at most y(a + 1).
/// </remarks>
static class NdcgOfOneRelevant
{
    public static void Between(IdentityBuilder add, int a, int b)
    {
        var (from, to) = a == 0 ? ($"NDCG@{b}", $"HR@{b}") : ($"NDCG@{b} - NDCG@{a}", $"HR@{b} - HR@{a}");
        if (!(add.Prints("MRR", b) && (a < 2 || add.Prints("MRR", a))))
        {
            Line($"{from} within what {to} forces with one relevant item per user", 1, 0, Gain(b));
            Line($"{from} within what {to} forces with one relevant item per user", -1, 0, Gain(a + 1));
            return;
        }

        var text = $"{from} within what {to} and {to.Replace("HR", "MRR", StringComparison.Ordinal)} force with one relevant item per user";
        Through(1, a + 1, b);
        for (var rank = a + 1; rank < b; rank++)
        {
            Through(-1, rank, rank + 1);
        }

        // The line through the points of two ranks; a single rank's is level, for its hits all add the same.
        void Through(int sign, int first, int second)
        {
            var slope = first == second ? 0 : (Gain(first) - Gain(second)) / (1.0 / first - 1.0 / second);
            Line(text, sign, slope, Gain(second) - slope / second);
            if (first == second)
            {
                Line(text, -sign, slope, Gain(second));
            }
        }

        // sign x (NDCG - slope x MRR - level x HR) is at least 0, each from a to b.
        void Line(string words, int sign, double slope, double level) => add.AtLeastZero(
            words, 0,
            [
                (sign, "NDCG", b), (-sign, a == 1 ? "HR" : "NDCG", a),
                .. slope == 0 ? Array.Empty<(double, string, int)>() : [(-sign * slope, "MRR", b), (sign * slope, "MRR", a)],
                (-sign * level, "HR", b), (sign * level, "HR", a),
            ]);
    }

    static double Gain(int rank) => 1 / Math.Log2(rank + 1);
}
