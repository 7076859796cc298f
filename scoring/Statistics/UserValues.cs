using Pipeline.Scoring.Metrics;

namespace Pipeline.Scoring.Statistics;

/// <summary>What every counted user of one seed scored: [users, columns]. A column is a metric of a list.</summary>
public sealed class UserValues
{
    readonly double[] values;

    /// <param name="values">[users, columns], user by user.</param>
    public UserValues(int columns, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values are no rows of {columns}.", nameof(values));
        }

        Columns = columns;
        this.values = values;
    }

    public int Columns { get; }

    public int Users => values.Length / Columns;

    public ReadOnlySpan<double> Row(int user) => values.AsSpan(user * Columns, Columns);

    /// <summary>[count, columns]: some users in a row.</summary>
    public ReadOnlySpan<double> Rows(int first, int count) => values.AsSpan(first * Columns, count * Columns);

    /// <summary>The mean over users of every column; not a number where there is no user.</summary>
    public double[] Means()
    {
        var means = new double[Columns];
        for (var user = 0; user < Users; user++)
        {
            var row = Row(user);
            for (var column = 0; column < Columns; column++)
            {
                means[column] += row[column];
            }
        }

        for (var column = 0; column < Columns; column++)
        {
            means[column] /= Users;
        }

        return means;
    }

    /// <summary>Measures lists. Users with nothing relevant are left out, so that user i here is the i-th who has something.</summary>
    /// <param name="relevant">By user: items, ascending.</param>
    /// <param name="lists">By kind of list, then by user: items, best first.</param>
    /// <param name="elsewhere">By user: how many more items are relevant that no list can hold. Nobody has any if it is left out.</param>
    /// <returns>Columns: the metrics of the first kind of list, then those of the second, and so on.</returns>
    public static UserValues Measure(IReadOnlyList<IMetric> metrics, int[][] relevant, IReadOnlyList<int[][]> lists, int[]? elsewhere = null)
    {
        var columns = lists.Count * metrics.Count;
        var counted = relevant.Where((items, user) => items.Length + (elsewhere?[user] ?? 0) > 0).Count();
        var values = new double[counted * columns];
        var at = 0;
        for (var user = 0; user < relevant.Length; user++)
        {
            var more = elsewhere?[user] ?? 0;
            if (relevant[user].Length + more == 0)
            {
                continue;
            }

            foreach (var list in lists)
            {
                foreach (var metric in metrics)
                {
                    values[at++] = metric.Of(list[user], new RelevantItems(relevant[user], more));
                }
            }
        }

        return new UserValues(columns, values);
    }
}
