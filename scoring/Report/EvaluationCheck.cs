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

    static List<string> Broken(Evaluation evaluation, string which)
    {
        Func<string, double> ValuesOf(string list) => metric => evaluation.Row(list, metric).Interval.Value;
        return
        [
            .. evaluation.Lists.SelectMany(list => IdentityCheck.Broken(ValuesOf(list), evaluation.HasOneRelevantEach).Select(failure => $"{list}{which}: {failure}")),
            .. evaluation.Lists.SelectMany(list => IdentityCheck.AboveCeiling(list + which, ValuesOf(list), ValuesOf(Titles.Oracle))),
        ];
    }
}
