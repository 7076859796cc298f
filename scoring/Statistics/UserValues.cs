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
    /// <returns>Columns: the metrics of the first kind of list, then those of the second, and so on.</returns>
    public static UserValues Measure(IReadOnlyList<IMetric> metrics, int[][] relevant, IReadOnlyList<int[][]> lists)
    {
        var columns = lists.Count * metrics.Count;
        var counted = relevant.Count(items => items.Length > 0);
        var values = new double[counted * columns];
        var at = 0;
        for (var user = 0; user < relevant.Length; user++)
        {
            if (relevant[user].Length == 0)
            {
                continue;
            }

            foreach (var list in lists)
            {
                foreach (var metric in metrics)
                {
                    values[at++] = metric.Of(list[user], new RelevantItems(relevant[user]));
                }
            }
        }

        return new UserValues(columns, values);
    }
}
