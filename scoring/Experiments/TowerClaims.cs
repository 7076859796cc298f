using Pipeline.Scoring.Report;

namespace Pipeline.Scoring.Experiments;

/// <summary>What the paper says of the two towers beside each other.</summary>
static class TowerClaims
{
    /// <summary>
    /// Two values are about equal within this share of Transformer's. The paper says that Mamba maintains performance; its own H&amp;M rows differ by up to 4.6 % (HR@1).
    /// </summary>
    public const double Margin = 0.05;

    /// <summary>From this ratio on a value counts as nearly doubled: nearer to twice as much than to as much.</summary>
    public const double NearlyDouble = 1.5;

    /// <summary>Holds if Mamba is ahead by some tested metric and behind by none; does not hold if it is behind by any.</summary>
    public static Claim AtLeastAsGood(ExperimentResults results, string dataset, string title)
    {
        var text = $"FT-Mamba is at least as good as FT-Transformer on {title}";
        if (results.Find(dataset) is not { } measured)
        {
            return Missing(text, dataset);
        }

        var tests = results.TestsOf(dataset);
        var verdict = tests.Any(test => test.Verdict < 0) ? Verdict.DoesNotHold : tests.Any(test => test.Verdict > 0) ? Verdict.Holds : Verdict.CannotBeTold;
        var parts = new[] { (1, "ahead"), (0, "not told apart"), (-1, "behind") }.Select(place => Part(measured, tests, place.Item1, place.Item2)).OfType<string>();
        return new Claim(text, verdict, $"FT-Mamba minus FT-Transformer: {string.Join("; ", parts)}.{Data(measured)}");
    }

    /// <summary>A claim about all six settings at once.</summary>
    public static Claim AtLeastAsGoodEverywhere(IReadOnlyList<Claim> settings)
    {
        var counts = new[] { Verdict.Holds, Verdict.DoesNotHold, Verdict.CannotBeTold }
            .Select(verdict => $"{Claim.Words(verdict)} in {settings.Count(setting => setting.Verdict == verdict)}");
        var overall = settings.Any(setting => setting.Verdict == Verdict.DoesNotHold) ? Verdict.DoesNotHold
            : settings.All(setting => setting.Verdict == Verdict.Holds) ? Verdict.Holds : Verdict.CannotBeTold;
        return new Claim($"FT-Mamba is at least as good as FT-Transformer in all {settings.Count} settings of vaccine", overall, $"It {Numbers.List([.. counts])}.");
    }

    /// <summary>Holds if every difference's interval lies within the margin; does not hold if any lies wholly outside it.</summary>
    public static Claim AboutEqual(ExperimentResults results, string dataset, string title)
    {
        var text = $"FT-Mamba and FT-Transformer are about equal on {title}";
        if (results.Find(dataset) is not { } measured)
        {
            return Missing(text, dataset);
        }

        var decimals = PrintedTables.Decimals(dataset);
        var places = results.TestsOf(dataset).Select(test =>
        {
            var margin = Margin * measured.Row(MeasuredDataset.Transformer, test.Comparison.Metric.Name).Interval.Value;
            var (low, high) = (test.Difference.Low, test.Difference.High);
            var place = low >= -margin && high <= margin ? "within" : low > margin || high < -margin ? "outside" : "across the edge of";
            return (Place: place, Text: $"{Describe(test, decimals)} lies {place} ±{Numbers.Fixed(margin, decimals)}");
        }).ToList();
        var verdict = places.Any(place => place.Place == "outside") ? Verdict.DoesNotHold
            : places.Count > 0 && places.All(place => place.Place == "within") ? Verdict.Holds : Verdict.CannotBeTold;
        return new Claim(
            text,
            verdict,
            $"About equal is within {Numbers.Percent(Margin, 0)} of FT-Transformer's value. {string.Join("; ", places.Select(place => place.Text))}.{Data(measured)}");
    }

    /// <summary>Holds if Transformer is ahead by the metric, does not hold if Mamba is.</summary>
    public static Claim TransformerIsAhead(ExperimentResults results, string dataset, string title, string metric)
    {
        var text = $"FT-Transformer is slightly ahead of FT-Mamba by {metric} on {title}";
        if (results.Find(dataset) is not { } measured)
        {
            return Missing(text, dataset);
        }

        var test = results.TestsOf(dataset).Single(each => each.Comparison.Metric.Name == metric);
        return new Claim(
            text,
            test.Verdict < 0 ? Verdict.Holds : test.Verdict > 0 ? Verdict.DoesNotHold : Verdict.CannotBeTold,
            $"FT-Mamba minus FT-Transformer: {Describe(test, PrintedTables.Decimals(dataset))}.{Data(measured)}");
    }

    /// <summary>"For most settings": holds if more than half of the six reach the ratio, does not hold if so many fall short that no longer can.</summary>
    public static Claim NearlyDoubles(ExperimentResults results)
    {
        var found = VaccineSetting.List.Select(setting => results.Find(setting.Dataset)).OfType<MeasuredDataset>()
            .Select(measured => (measured.Name, Ratio: measured.Ratios["HR@1"])).ToList();
        var (reached, missed) = (found.Count(each => each.Ratio.Low >= NearlyDouble), found.Count(each => each.Ratio.High < NearlyDouble));
        var most = VaccineSetting.List.Count / 2 + 1;
        var verdict = reached >= most ? Verdict.Holds : missed > VaccineSetting.List.Count - most ? Verdict.DoesNotHold : Verdict.CannotBeTold;
        var ratios = found.Select(each => double.IsNaN(each.Ratio.Low)
            ? $"{each.Name} has no interval, for FT-Transformer's HR@1 may be 0"
            : $"{each.Name} {Numbers.Fixed(each.Ratio.Value, 2)} ({Numbers.Range(each.Ratio, 2)})");
        return new Claim(
            "HR@1 nearly doubles from FT-Transformer to FT-Mamba in most settings of vaccine",
            verdict,
            $"Nearly doubled is {Numbers.Fixed(NearlyDouble, 1)} times as much or more; most is at least {most} of {VaccineSetting.List.Count} settings. "
            + $"The whole interval is there in {reached}, short of it in {missed}"
            + (found.Count > 0 ? $". HR@1 of FT-Mamba over that of FT-Transformer: {string.Join("; ", ratios)}." : "; no setting is part of this experiment."));
    }

    public static Claim Missing(string text, string dataset) => new(text, Verdict.CannotBeTold, $"{dataset} is not part of this experiment.");

    static string? Part(MeasuredDataset measured, IReadOnlyList<PairedTest> tests, int place, string word)
    {
        var here = tests.Where(test => test.Verdict == place).Select(test => Describe(test, PrintedTables.Decimals(measured.Name))).ToList();
        return here.Count == 0 ? null : $"{word} by {Numbers.List(here)}";
    }

    static string Describe(PairedTest test, int decimals) =>
        $"{test.Comparison.Metric.Name} {Numbers.Signed(test.Difference.Value, decimals)} ({Numbers.Signed(test.Difference.Low, decimals)} to "
        + $"{Numbers.Signed(test.Difference.High, decimals)}, p {Numbers.P(test.PHolm)})";

    public static string Data(MeasuredDataset measured) => measured.Origin is { } origin ? $" The data: {origin}." : "";
}
