using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Experiments;

/// <summary>What the paper says of quality as the vaccine settings grow. Quality is HR@10, which the paper plots for them.</summary>
static class FallClaims
{
    const string Metric = "HR@10";

    const double Level = 0.05;

    /// <summary>
    /// Every step from a setting to the next larger one, for both towers; p is corrected for all these steps. Holds if all fall, does not
    /// hold if any rises, and cannot be told if some step is not told.
    /// </summary>
    /// <param name="fix">What stays the same along a step.</param>
    /// <param name="grow">What grows.</param>
    public static Claim Of(ExperimentResults results, string text, Func<VaccineSetting, int> fix, Func<VaccineSetting, int> grow)
    {
        var pairs = VaccineSetting.List.GroupBy(fix).Select(group => group.OrderBy(grow).ToList())
            .SelectMany(group => group.Zip(group.Skip(1))).ToList();
        var steps = (from pair in pairs
                     let first = results.Find(pair.First.Dataset)
                     let second = results.Find(pair.Second.Dataset)
                     where first is not null && second is not null
                     from tower in new[] { MeasuredDataset.Mamba, MeasuredDataset.Transformer }
                     select Step(tower, (pair.First.Size, first), (pair.Second.Size, second))).ToList();
        var corrected = Holm.Correct([.. steps.Select(step => step.P)]);
        var told = steps.Select((step, i) => (step.Text, P: corrected[i], Direction: corrected[i] > Level ? 0 : Math.Sign(step.Difference.Value))).ToList();
        var verdict = told.Any(step => step.Direction > 0) ? Verdict.DoesNotHold
            : told.Count == 2 * pairs.Count && told.All(step => step.Direction < 0) ? Verdict.Holds : Verdict.CannotBeTold;
        var missing = pairs.Count - steps.Count / 2;
        var words = told.Select(step => $"{step.Text}, p {Numbers.P(step.P)}) {(step.Direction > 0 ? "rises" : step.Direction < 0 ? "falls" : "is not told")}");
        return new Claim(
            $"On vaccine {text}",
            verdict,
            $"{Metric}, step by step: {(told.Count > 0 ? string.Join("; ", words) : "none")}."
            + (missing > 0 ? $" {Numbers.Of(missing, "step")} of {pairs.Count} cannot be seen, for a setting is not part of this experiment." : ""));
    }

    static (string Text, Interval Difference, double P) Step(string tower, (string Size, MeasuredDataset Data) from, (string Size, MeasuredDataset Data) to)
    {
        var (before, after) = (from.Data.Row(tower, Metric).Interval, to.Data.Row(tower, Metric).Interval);
        var (difference, p) = IndependentDifference.Of(after, before);
        return ($"{Titles.Of(tower)} from {Numbers.Fixed(before.Value, 4)} at {from.Size} to {Numbers.Fixed(after.Value, 4)} at {to.Size} "
            + $"({Numbers.Signed(difference.Value, 4)}, {Numbers.Signed(difference.Low, 4)} to {Numbers.Signed(difference.High, 4)}", difference, p);
    }
}
