using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Scoring.Report;

namespace Pipeline.Scoring.Experiments;

/// <summary>metrics.json of an experiment: the tables' rows, the tests and the verdicts for programs. A number that does not exist is null.</summary>
public static class ExperimentJson
{
    static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Ends with a line feed.</summary>
    public static string Write(ExperimentResults results) => JsonSerializer.Serialize(
        new
        {
            experiment = results.Name,
            settings = results.Settings,
            claims = results.Claims.Select(claim => new { claim = claim.Text, verdict = claim.Verdict, sentence = claim.Sentence }),
            datasets = results.Datasets.Select(dataset => new
            {
                dataset = dataset.Name,
                label = dataset.Label,
                synthetic = dataset.IsSynthetic,
                seeds = dataset.Seeds,
                users = dataset.Users,
                deadRuns = dataset.DeadRuns.Select(run => new { list = run.List, seed = run.Seed, cause = run.Cause }),
            }),
            rows = from dataset in results.Datasets
                   from row in dataset.Rows
                   select Row(dataset, row),
            tests = from dataset in results.Datasets
                    from test in results.TestsOf(dataset.Name)
                    select Test(dataset, test),
        },
        Layout) + "\n";

    static object Row(MeasuredDataset dataset, MeasuredRow row)
    {
        var printed = PrintedTables.Find(dataset.Name, row.List, row.Metric.Name);
        return new
        {
            table = printed is null ? null : PaperTable.NumberOf(dataset.Name),
            dataset = dataset.Name,
            list = row.List,
            metric = row.Metric.Id,
            k = row.Metric.K,
            value = Finite(row.Interval.Value),
            low = Finite(row.Interval.Low),
            high = Finite(row.Interval.High),
            bySeed = row.BySeed,
            printed,
            place = printed is { } value ? Findings.Place(row.Interval, value) : null,
        };
    }

    static object Test(MeasuredDataset dataset, PairedTest test) => new
    {
        dataset = dataset.Name,
        list = test.Comparison.List,
        minus = test.Comparison.Other,
        metric = test.Comparison.Metric.Id,
        k = test.Comparison.Metric.K,
        value = Finite(test.Difference.Value),
        low = Finite(test.Difference.Low),
        high = Finite(test.Difference.High),
        p = test.P,
        pHolm = test.PHolm,
    };

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
