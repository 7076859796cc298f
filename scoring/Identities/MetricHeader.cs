using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Scoring.Identities;

/// <summary>Which metric a column holds, by its header.</summary>
/// <remarks>
/// Letters' case, blanks, '_', '-', '*', '`' and arrows do not count: "HR@10", "hr_10", "Hit Ratio @ 1", "**Recall@5** ↑". A name of one letter needs
/// its '@'. A '%' at the end, or "(%)", says that the cells are percentages. Cutoffs are 1 to 1,000. Any other header is no metric's.
/// </remarks>
/// <param name="IsPercent">True if a cell of 12.3 means 0.123.</param>
public sealed partial record MetricHeader(MetricName Metric, bool IsPercent)
{
    static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["hr"] = "HR",
        ["hit"] = "HR",
        ["hits"] = "HR",
        ["hitrate"] = "HR",
        ["hitratio"] = "HR",
        ["mrr"] = "MRR",
        ["meanreciprocalrank"] = "MRR",
        ["ndcg"] = "NDCG",
        ["r"] = "R",
        ["rec"] = "R",
        ["recall"] = "R",
        ["p"] = "P",
        ["prec"] = "P",
        ["precision"] = "P",
        ["map"] = "MAP",
        ["meanaverageprecision"] = "MAP",
    };

    /// <returns>Null if the header is no metric's.</returns>
    public static MetricHeader? Parse(string header)
    {
        if (header.Length > 100)
        {
            return null;
        }

        var match = Form().Match(Ornament().Replace(header, "").ToLowerInvariant());
        return match.Success && Ids.TryGetValue(match.Groups["name"].Value, out var id) && (match.Groups["at"].Length > 0 || match.Groups["name"].Length > 1)
            && int.Parse(match.Groups["k"].ValueSpan, CultureInfo.InvariantCulture) is var k and >= 1 and <= 1_000
                ? new MetricHeader(new MetricName(id, k), match.Groups["percent"].Length > 0)
                : null;
    }

    [GeneratedRegex(@"[\s_*`\u2191-]")]
    private static partial Regex Ornament();

    [GeneratedRegex(@"\A(?<name>[a-z]+)(?<at>@?)(?<k>[0-9]{1,4})(?<percent>%|\(%\)|)\z")]
    private static partial Regex Form();
}
