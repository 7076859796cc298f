using System.Globalization;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>Whom lists serve, and with which items: metrics of groups, from the resamples of the report's tables.</summary>
/// <remarks>
/// A group's mean is the ratio of two sums over all users: of the values within the group, and of those who are in it. How many are in a group
/// varies from resample to resample, and the interval tells of that too.
/// </remarks>
static class BreakdownBuilder
{
    // What counts may be; fixed, so that the groups of one night are those of the next.
    static readonly (int From, int To)[] Bins = [(0, 0), (1, 4), (5, 9), (10, 19), (20, int.MaxValue)];

    /// <summary>NDCG for users: the best list has 1 whoever the user is, so that groups can be compared. Recall for items, since it asks how many of them are found.</summary>
    static readonly IMetric OfUsers = Find("NDCG@10"), OfItems = Find("R@10");

    /// <param name="towers">Held against the strongest baseline.</param>
    /// <param name="strongest">The strongest baseline by a metric.</param>
    /// <param name="exposures">By seed.</param>
    /// <returns>Only divisions of which at least two groups have users.</returns>
    public static IReadOnlyList<Breakdown> Of(
        IReadOnlyList<string> towers, Func<IMetric, string> strongest, IReadOnlyList<SeedLists> seeds, IReadOnlyList<Exposure> exposures, Resampling resampling) =>
    [
        .. Divisions(seeds, exposures).Select(division => Measure(division, towers, strongest(division.Metric), seeds, resampling) with { Head = division.Head })
            .Where(breakdown => breakdown.Groups.Count > 1),
    ];

    static IEnumerable<Division> Divisions(IReadOnlyList<SeedLists> seeds, IReadOnlyList<Exposure> exposures)
    {
        if (seeds.Any(seed => seed.ByPopularity is not null))
        {
            yield return Users(BreakdownBy.Features, ["known", "unknown"], (seed, user) => seeds[seed].ByPopularity?[user] == true ? 1 : 0);
        }

        if (exposures.All(exposure => exposure.Known is not null))
        {
            yield return Users(BreakdownBy.History, [.. Bins.Select(Name)], (seed, user) => BinOf(exposures[seed].Known![user]));
        }

        yield return Users(BreakdownBy.Likes, [.. Bins.Select(Name)], (seed, user) => BinOf(seeds[seed].Test.Relevant[user].Length));

        var heads = exposures.Select(exposure => exposure.Head()).ToList();
        yield return new Division(BreakdownBy.Items, OfItems, ["head", "tail"], (seed, user, group) =>
            [.. seeds[seed].Test.Relevant[user].Where(item => heads[seed][item] == (group == 0))])
        {
            Head = Size([.. heads.Select(head => head.Count(isHead => isHead))], heads[0].Length),
        };

        // A user is in one group, with all that the user likes.
        Division Users(string by, string[] groups, Func<int, int, int> groupOf) =>
            new(by, OfUsers, groups, (seed, user, group) => groupOf(seed, user) == group ? seeds[seed].Test.Relevant[user] : []);
    }

    static Breakdown Measure(Division division, IReadOnlyList<string> towers, string baseline, IReadOnlyList<SeedLists> seeds, Resampling resampling)
    {
        string[] lists = [.. towers, .. new[] { Titles.Popularity, baseline }.Distinct()];
        var values = seeds.Select((seed, index) => Measure(division, lists, seed, index)).ToList();
        var bootstrap = resampling.Draw("report", values);
        var rows = new List<GroupRow>();
        for (var g = 0; g < division.Groups.Count; g++)
        {
            var members = Column(g, lists.Length);
            var users = (int)values.Sum(seed => Enumerable.Range(0, seed.Users).Sum(user => seed.Row(user)[members]));
            if (users > 0)
            {
                rows.Add(new GroupRow(division.Groups[g], users, [.. lists.Select((list, l) => new GroupValue(
                    list, bootstrap.Of(MeanOf(members, members + 1 + l)), towers.Contains(list) ? bootstrap.Of(MeanOf(members, members + 1 + l, members + 1 + Array.IndexOf(lists, baseline))) : null))]));
            }
        }

        return new Breakdown(division.By, division.Metric, baseline, rows);
    }

    /// <summary>[users, groups x (1 + lists)]: of each group whether the user is in it, then the value of each list; 0 for who is not in it.</summary>
    static UserValues Measure(Division division, string[] lists, SeedLists seed, int index)
    {
        var columns = Column(division.Groups.Count, lists.Length);
        var counted = Enumerable.Range(0, seed.Test.Count).Where(user => seed.Test.Relevant[user].Length > 0).ToList();
        var values = new double[counted.Count * columns];
        var at = 0;
        foreach (var user in counted)
        {
            for (var g = 0; g < division.Groups.Count; g++)
            {
                var relevant = division.Relevant(index, user, g);
                values[at++] = relevant.Length > 0 ? 1 : 0;
                foreach (var list in lists)
                {
                    values[at++] = relevant.Length > 0 ? division.Metric.Of(seed.Lists[list][user], new RelevantItems(relevant)) : 0;
                }
            }
        }

        return new UserValues(columns, values);
    }

    /// <summary>Where a group's columns begin.</summary>
    static int Column(int group, int lists) => group * (1 + lists);

    static Func<ReadOnlySpan<double>, double> MeanOf(int members, int value, int? minus = null) =>
        row => row[members] > 0 ? (row[value] - (minus is { } other ? row[other] : 0)) / row[members] : double.NaN;

    /// <summary>"12 of 100", or "12 to 14 of 100" where each seed has a head of its own.</summary>
    static string Size(IReadOnlyCollection<int> heads, int items) =>
        $"{Numbers.Count(heads.Min())}{(heads.Max() > heads.Min() ? " to " + Numbers.Count(heads.Max()) : "")} of {Numbers.Count(items)}";

    static int BinOf(int count) => Array.FindIndex(Bins, bin => count <= bin.To);

    /// <summary>"0", "1-4", "20+".</summary>
    static string Name((int From, int To) bin) => bin.From.ToString(CultureInfo.InvariantCulture)
        + (bin.To == int.MaxValue ? "+" : bin.From == bin.To ? "" : "-" + bin.To.ToString(CultureInfo.InvariantCulture));

    static IMetric Find(string name) => AllMetrics.List.Single(metric => metric.Name == name);

    /// <param name="Relevant">By seed, test user and group: what counts as relevant; nothing for who is not in the group.</param>
    sealed record Division(string By, IMetric Metric, IReadOnlyList<string> Groups, Func<int, int, int, int[]> Relevant)
    {
        public string? Head { get; init; }
    }
}
