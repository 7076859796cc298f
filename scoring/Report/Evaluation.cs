using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>The lists that the test users of one seed were given.</summary>
/// <param name="Relevant">By test user: the items that user likes, ascending; may be empty.</param>
/// <param name="Lists">By list's name, then by test user: items, best first.</param>
public sealed record SeedLists(int Seed, int[][] Relevant, IReadOnlyDictionary<string, int[][]> Lists);

/// <summary>Every metric of every list, with its interval over users and seeds.</summary>
public sealed class Evaluation
{
    readonly Bootstrap bootstrap;
    readonly IReadOnlyList<double[]> meansBySeed;

    Evaluation(IReadOnlyList<string> lists, IReadOnlyList<SeedLists> seeds, IReadOnlyList<UserValues> values, Bootstrap bootstrap)
    {
        this.bootstrap = bootstrap;
        Lists = lists;
        Seeds = [.. seeds.Select(seed => seed.Seed)];
        Users = values.Sum(value => value.Users);
        UsersLeftOut = seeds.Sum(seed => seed.Relevant.Length) - Users;
        HasOneRelevantEach = seeds.All(seed => seed.Relevant.All(items => items.Length <= 1));
        meansBySeed = [.. values.Select(value => value.Means())];
    }

    public IReadOnlyList<string> Lists { get; }

    public IReadOnlyList<int> Seeds { get; }

    /// <summary>Test users with something relevant, all seeds together: the number of values behind every mean.</summary>
    public int Users { get; }

    /// <summary>Test users with nothing relevant, all seeds together.</summary>
    public int UsersLeftOut { get; }

    /// <summary>True if no test user has more than one relevant item; some identities hold only then.</summary>
    public bool HasOneRelevantEach { get; }

    /// <param name="lists">Names, in the order of the report; each seed has all of them.</param>
    /// <param name="resamples">Of the bootstrap.</param>
    /// <param name="random">The stream of a resample by its number.</param>
    /// <exception cref="PipelineException">No test user of some seed has a relevant item.</exception>
    public static Evaluation Of(
        IReadOnlyList<string> lists, IReadOnlyList<SeedLists> seeds, int resamples, Func<uint, RandomStream> random, int threads)
    {
        var values = new List<UserValues>();
        foreach (var seed in seeds)
        {
            var measured = UserValues.Measure(AllMetrics.List, seed.Relevant, [.. lists.Select(list => seed.Lists[list])]);
            if (measured.Users == 0)
            {
                throw new PipelineException(
                    ExitCode.CheckFailed,
                    $"Seed {seed.Seed}: none of the {seed.Relevant.Length} test users has a relevant item, so nothing can be measured. "
                    + "Draw more test users, or see whether the labels are right.");
            }

            values.Add(measured);
        }

        return new Evaluation(lists, seeds, values, Bootstrap.Draw(values, resamples, random, threads));
    }

    public Interval Of(string list, IMetric metric) => bootstrap.Of(Column(list, metric));

    /// <summary>The mean over users, one per seed.</summary>
    public IReadOnlyList<double> BySeed(string list, IMetric metric) => [.. meansBySeed.Select(means => means[Column(list, metric)])];

    /// <summary>How much better a list is than another, for the same users and seeds.</summary>
    public Interval Difference(string list, string other, IMetric metric)
    {
        var (a, b) = (Column(list, metric), Column(other, metric));
        return bootstrap.Of(row => row[a] - row[b]);
    }

    /// <summary>
    /// How far a list has come from a floor (0) to a ceiling (1). Not a number where the ceiling is no higher than the floor in some resample.
    /// </summary>
    public Interval ShareOfGap(string list, string floor, string ceiling, IMetric metric)
    {
        var (a, low, high) = (Column(list, metric), Column(floor, metric), Column(ceiling, metric));
        return bootstrap.Of(row => row[high] > row[low] ? (row[a] - row[low]) / (row[high] - row[low]) : double.NaN);
    }

    int Column(string list, IMetric metric)
    {
        var (row, column) = (IndexOf(Lists, list), IndexOf(AllMetrics.List, metric));
        return row >= 0 && column >= 0 ? row * AllMetrics.List.Count + column : throw new ArgumentException($"{list} or {metric.Name} was not measured.");
    }

    static int IndexOf<T>(IReadOnlyList<T> all, T one) => all.TakeWhile(other => !Equals(other, one)).Count() is var at && at < all.Count ? at : -1;
}
