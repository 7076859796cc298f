using Pipeline.Models;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Hit rates through training, from the lists that probe users had at moments of it.</summary>
/// <remarks>Where seeds share their test users they share their probe users too, who are the first of them: the bands cross users with seeds as the tables' intervals do.</remarks>
public static class CurveBuilder
{
    /// <param name="probes">By seed.</param>
    /// <param name="relevant">By seed, then by test user: the items that user likes, ascending. None for who does not count.</param>
    /// <param name="itemCount">Size of the catalogue: a list may be that short.</param>
    /// <returns>A curve per hit rate that the probes' lists are long enough for; none without a probe user who likes something.</returns>
    public static IReadOnlyList<TrainingCurve> Of(
        string tower,
        IReadOnlyList<IReadOnlyList<ProbeStep>> probes,
        IReadOnlyList<int[][]> relevant,
        int itemCount,
        Resampling resampling)
    {
        // All seeds are trained with the same options, so they have the same steps unless they come from different code.
        var steps = probes.Select(seed => seed.Select(step => step.Step)).Aggregate((a, b) => a.Intersect(b)).ToList();
        var shortest = probes.SelectMany(seed => seed).SelectMany(step => step.Items).Select(list => list.Length).DefaultIfEmpty(0).Min();
        List<IMetric> metrics = [.. AllMetrics.List.Where(metric => metric is HitRate && Math.Min(metric.K, itemCount) <= shortest)];
        if (steps.Count == 0 || metrics.Count == 0)
        {
            return [];
        }

        var values = probes.Select((seed, index) => Measure(metrics, [.. seed.Where(step => steps.Contains(step.Step))], relevant[index])).ToList();
        if (values.Any(value => value.Users == 0))
        {
            return [];
        }

        if (resampling.SharesUsers && probes.Any(seed => !seed[0].TestUsers.AsSpan().SequenceEqual(probes[0][0].TestUsers)))
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"The seeds' models of {tower} follow different probe users though they have the same test users: a file is damaged. `pipeline verify` says which.");
        }

        var bootstrap = resampling.Draw("curves", values);
        var users = values.Sum(value => value.Users);
        return
        [
            .. metrics.Select((metric, m) => new TrainingCurve(
                tower, metric, users, [.. steps.Select((step, s) => new CurvePoint(step, bootstrap.Of(s * metrics.Count + m)))])),
        ];
    }

    /// <summary>[users, steps x metrics], for the probe users of one seed who like something.</summary>
    static UserValues Measure(IReadOnlyList<IMetric> metrics, IReadOnlyList<ProbeStep> steps, int[][] relevant)
    {
        var users = steps[0].TestUsers;
        if (steps.Any(step => !step.TestUsers.AsSpan().SequenceEqual(users)))
        {
            throw new PipelineException(
                ExitCode.InputMissing, "A model's probe follows other users at some step than at the first: its file is damaged. `pipeline verify` says which.");
        }

        return UserValues.Measure(metrics, [.. users.Select(user => relevant[user])], [.. steps.Select(step => step.Items)]);
    }
}
