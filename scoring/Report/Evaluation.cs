using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Every metric of every list, with its interval over users and seeds.</summary>
public sealed class Evaluation
{
    readonly Bootstrap bootstrap;

    Evaluation(IReadOnlyList<string> lists, IReadOnlyList<SeedLists> seeds, IReadOnlyList<UserValues> values, bool countsElsewhere, Bootstrap bootstrap)
    {
        this.bootstrap = bootstrap;
        Lists = lists;
        Seeds = [.. seeds.Select(seed => seed.Seed)];
        UsersBySeed = [.. values.Select(value => value.Users)];
        UsersLeftOut = seeds.Sum(seed => seed.Test.Count) - Users;
        UsersByPopularity = seeds.Sum(seed => seed.ByPopularity?.Where((isSo, user) => isSo && seed.Test.Relevant[user].Length > 0).Count() ?? 0);
        HasOneRelevantEach = seeds.All(seed => seed.Test.Relevant.Zip(seed.Test.Elsewhere).All(user => user.First.Length + (countsElsewhere ? user.Second : 0) <= 1));
        var means = values.Select(value => value.Means()).ToList();
        Rows = [.. from list in lists
                   from metric in AllMetrics.List
                   let column = Column(list, metric)
                   select new MeasuredRow(list, metric, bootstrap.Of(column), Users, [.. means.Select(ofSeed => ofSeed[column])])];
    }

    public IReadOnlyList<string> Lists { get; }

    public IReadOnlyList<int> Seeds { get; }

    /// <summary>Test users with something relevant, one count per seed.</summary>
    public IReadOnlyList<int> UsersBySeed { get; }

    /// <summary>Test users with something relevant, all seeds together: the number of values behind every mean.</summary>
    public int Users => UsersBySeed.Sum();

    /// <summary>True if all seeds test the same users.</summary>
    public bool SharesUsers { get; private init; }

    /// <summary>Test users with nothing relevant, all seeds together.</summary>
    public int UsersLeftOut { get; }

    /// <summary>Counted test users of whom nothing is known, all seeds together: every tower's list for them is by popularity.</summary>
    public int UsersByPopularity { get; }

    /// <summary>True if no test user has more than one relevant item; some identities hold only then.</summary>
    public bool HasOneRelevantEach { get; }

    /// <summary>By list, then by metric in the order of <see cref="AllMetrics"/>.</summary>
    public IReadOnlyList<MeasuredRow> Rows { get; }

    /// <summary>The comparisons that were asked for, in their order.</summary>
    public IReadOnlyList<PairedTest> Tests { get; private set; } = [];

    /// <param name="lists">Names, in the order of the report; each seed has all of them.</param>
    /// <param name="comparisons">One family of questions.</param>
    /// <param name="countsElsewhere">True if relevant items outside the catalogue count, which no list can hold.</param>
    /// <exception cref="PipelineException">No test user of some seed has a relevant item.</exception>
    public static Evaluation Of(
        IReadOnlyList<string> lists, IReadOnlyList<SeedLists> seeds, IReadOnlyList<Comparison> comparisons, Resampling resampling, bool countsElsewhere = false)
    {
        var values = new List<UserValues>();
        foreach (var seed in seeds)
        {
            var measured = UserValues.Measure(
                AllMetrics.List, seed.Test.Relevant, [.. lists.Select(list => seed.Lists[list])], countsElsewhere ? seed.Test.Elsewhere : null);
            if (measured.Users == 0)
            {
                throw new PipelineException(
                    ExitCode.CheckFailed,
                    $"Seed {seed.Seed}: none of the {seed.Test.Count} test users has a relevant item, so nothing can be measured. "
                    + "Draw more test users, or see whether the labels are right.");
            }

            values.Add(measured);
        }

        var evaluation = new Evaluation(lists, seeds, values, countsElsewhere, resampling.Draw("report", values)) { SharesUsers = resampling.SharesUsers };
        evaluation.Tests = evaluation.Test(comparisons, values, resampling);
        return evaluation;
    }

    public MeasuredRow Row(string list, string metric) => Rows.Single(row => row.List == list && row.Metric.Name == metric);

    /// <summary>How much better a list is than another, for the same users and seeds.</summary>
    public Interval Difference(string list, string other, IMetric metric)
    {
        var (a, b) = (Column(list, metric), Column(other, metric));
        return bootstrap.Of(row => row[a] - row[b]);
    }

    /// <summary>How many times another list's value a list has. Not a number where the other has 0 in some resample.</summary>
    public Interval Ratio(string list, string other, IMetric metric)
    {
        var (a, b) = (Column(list, metric), Column(other, metric));
        return bootstrap.Of(row => row[b] > 0 ? row[a] / row[b] : double.NaN);
    }

    /// <summary>
    /// How far a list has come from a floor (0) to a ceiling (1). Not a number where the ceiling is no higher than the floor in some resample.
    /// </summary>
    public Interval ShareOfGap(string list, string floor, string ceiling, IMetric metric)
    {
        var (a, low, high) = (Column(list, metric), Column(floor, metric), Column(ceiling, metric));
        return bootstrap.Of(row => row[high] > row[low] ? (row[a] - row[low]) / (row[high] - row[low]) : double.NaN);
    }

    IReadOnlyList<PairedTest> Test(IReadOnlyList<Comparison> comparisons, List<UserValues> values, Resampling resampling)
    {
        if (comparisons.Count == 0)
        {
            return [];
        }

        (int A, int B)[] columns = [.. comparisons.Select(asked => (Column(asked.List, asked.Metric), Column(asked.Other, asked.Metric)))];
        var differences = new double[(SharesUsers ? values[0].Users : Users) * columns.Length];
        var first = 0;
        foreach (var seed in values)
        {
            var at = first;
            for (var user = 0; user < seed.Users; user++)
            {
                var row = seed.Row(user);
                foreach (var (a, b) in columns)
                {
                    differences[at++] += (row[a] - row[b]) / ((double)seed.Users * values.Count);
                }
            }

            // Users whom seeds share take one sign for all of them; others follow as users of their own.
            first = SharesUsers ? 0 : at;
        }

        var p = SignFlipTest.PValues(
            new UserValues(columns.Length, differences), SignFlipTest.Flips, block => resampling.Chance("sign flips", block), resampling.Threads);
        var corrected = Holm.Correct(p);
        return [.. comparisons.Select((asked, i) => new PairedTest(asked, Difference(asked.List, asked.Other, asked.Metric), p[i], corrected[i]))];
    }

    int Column(string list, IMetric metric)
    {
        var (row, column) = (IndexOf(Lists, list), IndexOf(AllMetrics.List, metric));
        return row >= 0 && column >= 0 ? row * AllMetrics.List.Count + column : throw new ArgumentException($"{list} or {metric.Name} was not measured.");
    }

    static int IndexOf<T>(IReadOnlyList<T> all, T one) => all.TakeWhile(other => !Equals(other, one)).Count() is var at && at < all.Count ? at : -1;
}
