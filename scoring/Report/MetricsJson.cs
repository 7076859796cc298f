using System.Text.Json;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>
/// metrics.json: the numbers of a report for programs. `dataset`, `synthetic` and `rows` are what others rely on; whatever else is
/// there may grow. Rows come first where relevant are the catalogue's items ("catalogue"), then, if some user has relevant items outside it,
/// where those count too ("all"). A number that does not exist is null.
/// </summary>
static class MetricsJson
{
    static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n" };

    public static byte[] Write(Results results)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteString("dataset", results.Dataset);
            json.WriteString("label", results.Label);
            json.WriteBoolean("synthetic", results.IsSynthetic);
            json.WriteStartArray("rows");
            WriteRows(json, results.Evaluation, "catalogue", row => PrintedTables.Find(results.Dataset, row.List, row.Metric.Name));
            if (results.EvaluationOfAll is { } all)
            {
                WriteRows(json, all, "all", _ => null);
            }

            json.WriteEndArray();
            WriteComparisons(json, results);
            WriteTests(json, results);
            WriteDeadRuns(json, results);
            WriteSpreads(json, results);
            WriteGroups(json, results);
            WriteCurves(json, results);
            WriteItemLikes(json, results);
            json.WriteNumber("usersLeftOut", results.Evaluation.UsersLeftOut);
            json.WriteNumber("usersByPopularity", results.Evaluation.UsersByPopularity);
            json.WriteBoolean("sharesUsers", results.Evaluation.SharesUsers);
            json.WriteNumber("resamples", results.Resamples);
            json.WriteAll("seeds", results.Evaluation.Seeds.Select(seed => (double)seed));
            json.WriteEndObject();
        }

        return [.. stream.ToArray(), (byte)'\n'];
    }

    static void WriteRows(Utf8JsonWriter json, Evaluation evaluation, string relevant, Func<MeasuredRow, double?> printed)
    {
        foreach (var row in evaluation.Rows)
        {
            json.WriteStartObject();
            json.WriteString("list", row.List);
            json.WriteString("metric", row.Metric.Id);
            json.WriteNumber("k", row.Metric.K);
            json.WriteString("relevant", relevant);
            json.WriteInterval(row.Interval);
            json.WriteNumber("users", row.Users);
            json.WriteNumber("seeds", row.BySeed.Count);
            json.WriteFinite("deviationOverSeeds", Spread.Of(row.BySeed));
            json.WriteAll("bySeed", row.BySeed);
            json.WriteFinite("printed", printed(row));
            json.WriteEndObject();
        }
    }

    static void WriteComparisons(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("differences");
        if (results.Towers is [var first, var second, ..])
        {
            foreach (var metric in AllMetrics.List)
            {
                json.WriteStartObject();
                json.WriteString("list", first);
                json.WriteString("minus", second);
                json.WriteString("metric", metric.Id);
                json.WriteNumber("k", metric.K);
                json.WriteInterval(results.Evaluation.Difference(first, second, metric));
                json.WriteStartObject("ratio");
                json.WriteInterval(results.Evaluation.Ratio(first, second, metric));
                json.WriteEndObject();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("shareOfGap");
        foreach (var tower in results.Towers)
        {
            foreach (var metric in AllMetrics.List)
            {
                json.WriteStartObject();
                json.WriteString("list", tower);
                json.WriteString("from", Titles.Popularity);
                json.WriteString("to", Titles.Oracle);
                json.WriteString("metric", metric.Id);
                json.WriteNumber("k", metric.K);
                json.WriteInterval(results.Evaluation.ShareOfGap(tower, Titles.Popularity, Titles.Oracle, metric));
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    static void WriteTests(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("tests");
        foreach (var test in results.Evaluation.Tests)
        {
            json.WriteStartObject();
            json.WriteString("list", test.Comparison.List);
            json.WriteString("minus", test.Comparison.Other);
            json.WriteString("metric", test.Comparison.Metric.Id);
            json.WriteNumber("k", test.Comparison.Metric.K);
            json.WriteInterval(test.Difference);
            json.WriteNumber("p", test.P);
            json.WriteNumber("pHolm", test.PHolm);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteDeadRuns(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("deadRuns");
        foreach (var dead in results.DeadRuns)
        {
            json.WriteStartObject();
            json.WriteString("list", dead.List);
            json.WriteNumber("seed", dead.Seed);
            json.WriteString("cause", dead.Cause);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteSpreads(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("spreads");
        foreach (var spread in results.Spreads)
        {
            json.WriteStartObject();
            json.WriteString("list", spread.List);
            json.WriteString("audience", spread.Audience);
            json.WriteNumber("users", spread.Users);
            json.WriteNumber("items", spread.Concentration.Items);
            json.WriteNumber("recommended", spread.Concentration.Recommended);
            json.WriteFinite("coverage", spread.Concentration.Coverage);
            json.WriteFinite("gini", spread.Concentration.Gini);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteGroups(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("groups");
        foreach (var breakdown in results.Breakdowns)
        {
            foreach (var (group, value) in breakdown.Groups.SelectMany(group => group.Values.Select(value => (group, value))))
            {
                json.WriteStartObject();
                json.WriteString("by", breakdown.By);
                json.WriteString("group", group.Group);
                json.WriteString("list", value.List);
                json.WriteString("metric", breakdown.Metric.Id);
                json.WriteNumber("k", breakdown.Metric.K);
                json.WriteInterval(value.Interval);
                json.WriteNumber("users", group.Users);
                if (value.Difference is { } difference)
                {
                    json.WriteString("minus", breakdown.Baseline);
                    json.WriteStartObject("difference");
                    json.WriteInterval(difference);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    static void WriteCurves(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("curves");
        foreach (var curve in results.Curves)
        {
            json.WriteStartObject();
            json.WriteString("list", curve.Tower);
            json.WriteString("metric", curve.Metric.Id);
            json.WriteNumber("k", curve.Metric.K);
            json.WriteNumber("users", curve.Users);
            json.WriteStartArray("points");
            foreach (var point in curve.Points)
            {
                json.WriteStartObject();
                json.WriteNumber("step", point.Step);
                json.WriteInterval(point.Interval);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteItemLikes(Utf8JsonWriter json, Results results)
    {
        json.WriteStartArray("itemLikes");
        foreach (var likes in results.ItemLikes)
        {
            json.WriteStartObject();
            json.WriteString("list", likes.Tower);
            json.WriteAll("actual", likes.Actual.Select(count => (double)count));
            json.WriteAll("predicted", likes.Predicted.Select(count => (double)count));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
