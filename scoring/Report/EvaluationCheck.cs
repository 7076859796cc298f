using Pipeline.Scoring.Identities;

namespace Pipeline.Scoring.Report;

/// <summary>Whether the numbers of a report can be true together.</summary>
static class EvaluationCheck
{
    /// <param name="all">The same lists against all relevant items; null where no item is relevant outside the catalogue.</param>
    /// <returns>Relations that do not hold, in words.</returns>
    public static IReadOnlyList<string> Broken(Evaluation catalogue, Evaluation? all)
    {
        var broken = Broken(catalogue, "");
        if (all is null)
        {
            return broken;
        }

        broken.AddRange(Broken(all, " by all items"));
        foreach (var list in catalogue.Lists)
        {
            for (var seed = 0; seed < catalogue.Seeds.Count; seed++)
            {
                var number = seed;
                double Sum(Evaluation evaluation, string metric) => evaluation.Row(list, metric).BySeed[number] * evaluation.UsersBySeed[number];
                broken.AddRange(IdentityCheck.BrokenByAll(metric => Sum(catalogue, metric), metric => Sum(all, metric))
                    .Select(failure => $"{list}, seed {catalogue.Seeds[number]}: {failure}"));
            }
        }

        return broken;
    }

    /// <summary>Hit rates through training, moment by moment.</summary>
    public static IReadOnlyList<string> Broken(IReadOnlyList<TrainingCurve> curves) =>
    [
        .. from curve in curves
           from point in curve.Points
           group (Metric: new MetricName(curve.Metric.Id, curve.Metric.K), point.Interval.Value) by (curve.Tower, point.Step) into moment
           from failure in IdentityCheck.Broken(moment.ToDictionary(value => value.Metric, value => value.Value))
           select $"{moment.Key.Tower} at step {moment.Key.Step}: {failure}",
    ];

    /// <summary>Every list, its mean over seeds and each seed by itself: a mean may hide what is wrong in one.</summary>
    static List<string> Broken(Evaluation evaluation, string which)
    {
        List<string> broken = [];
        for (var seed = -1; seed < evaluation.Seeds.Count; seed++)
        {
            var number = seed;
            var title = seed < 0 ? which : $"{which}, seed {evaluation.Seeds[seed]}";
            Func<string, double> ValuesOf(string list) =>
                metric => evaluation.Row(list, metric) is var row && number < 0 ? row.Interval.Value : row.BySeed[number];
            broken.AddRange(evaluation.Lists.SelectMany(list =>
                IdentityCheck.Broken(ValuesOf(list), evaluation.HasOneRelevantEach).Select(failure => $"{list}{title}: {failure}")));
            broken.AddRange(evaluation.Lists.SelectMany(list => IdentityCheck.AboveCeiling(list + title, ValuesOf(list), ValuesOf(Titles.Oracle))));
        }

        return broken;
    }
}
