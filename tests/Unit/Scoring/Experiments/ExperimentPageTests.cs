using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Scoring.Experiments;
using Pipeline.Scoring.Report;
using Pipeline.Unit.Scoring.Report;

namespace Pipeline.Unit.Scoring.Experiments;

public sealed class ExperimentPageTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-experiment-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_is_read_is_what_a_report_says_of_the_towers()
    {
        var results = SampleResults.Of();

        var read = Read(results);

        Assert.Equal(("spotify", null, false, 114), (read.Name, read.Label, read.IsSynthetic, read.Users));
        Assert.Equal([1, 2], read.Seeds);
        foreach (var row in results.Evaluation.Rows.Where(row => results.Towers.Contains(row.List)))
        {
            Assert.Equal(row.Interval, read.Row(row.List, row.Metric.Name).Interval);
        }

        var tests = results.Evaluation.Tests.Where(test => test.Comparison.Other == "transformer").ToList();
        Assert.Equal(tests.Select(test => (test.Comparison.Metric.Name, test.Difference, test.P)), read.Tests.Select(test => (test.Comparison.Metric.Name, test.Difference, test.P)));
        Assert.Equal(6, read.Curves.Count);
        Assert.Equal(["mamba", "transformer"], read.Likes.Select(likes => likes.Tower));
        Assert.Equal(results.DeadRuns, read.DeadRuns);
        // Mamba hits with a chance of 0.9, Transformer with 0.7.
        Assert.InRange(read.Ratios["HR@1"].Value, 1.1, 1.6);
        Assert.InRange(read.Ratios["HR@1"].Value, read.Ratios["HR@1"].Low, read.Ratios["HR@1"].High);
    }

    [Fact]
    public void A_page_has_both_tables_with_the_printed_values_and_all_figures()
    {
        var page = ExperimentPage.Write(new ExperimentResults("trial", [Read(SampleResults.Of()), Read(SampleResults.Of("hm")), Read(SampleResults.Of("vaccine-25x50"))]));

        foreach (var title in new[] { "Table I<", "Table II<", "Figure 4", "Figure 5", "Figure 6" })
        {
            Assert.Contains(title, page);
        }

        // Spotify, Mamba, P@5; H&M, Transformer, HR@1; vaccine 25x50, Mamba, R@5.
        Assert.Contains("paper 0.952,", page);
        Assert.Contains("paper 0.2260,", page);
        Assert.Contains("paper 0.6269,", page);
        Assert.Contains("1 of 2 runs dead", page);
        // Nine values each of Spotify and of H&M.
        Assert.Contains("Of the 18 values that the paper prints here for FT-Mamba, ", page);
        // Figure 4: three hit rates of two datasets; Figure 5: Spotify and vaccine; Figure 6: one setting.
        Assert.Equal(6 + 2 + 1, Regex.Count(page, "<figure>"));
        Assert.Equal(6 + 2 + 1, Regex.Count(page, "Data of this chart"));
        var ids = Regex.Matches(page, " id=\"([^\"]*)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Data_that_are_a_sample_or_generated_are_named_so()
    {
        var page = ExperimentPage.Write(new ExperimentResults(
            "trial", [Read(SampleResults.Of(isSynthetic: true)), Read(SampleResults.Of("hm") with { Label = "0.1 % sample" })]));

        Assert.Contains("Spotify (generated)", page);
        Assert.Contains("H&amp;M (0.1 % sample)", page);
        Assert.Contains("The raw files of spotify were generated.", page);
    }

    [Fact]
    public void Rows_for_programs_have_the_printed_value_and_its_place()
    {
        var dataset = HandMade.Dataset("spotify", 0.95, 0.5);

        var json = JsonDocument.Parse(ExperimentJson.Write(HandMade.Experiment(dataset))).RootElement;

        var rows = json.GetProperty("rows").EnumerateArray().ToDictionary(row => $"{row.GetProperty("list")} {row.GetProperty("metric")}@{row.GetProperty("k")}");
        // Printed 0.952, 0.906 and 0.985; ours is 0.94 to 0.96.
        Assert.Equal(("inside", "I", 0.952), Of("mamba P@5"));
        Assert.Equal(("below", "I", 0.906), Of("mamba P@10"));
        Assert.Equal(("above", "I", 0.985), Of("mamba MRR@5"));
        Assert.Equal(JsonValueKind.Null, rows["mamba NDCG@5"].GetProperty("printed").ValueKind);
        Assert.Equal("holds", json.GetProperty("claims")[0].GetProperty("verdict").GetString());

        (string?, string?, double) Of(string row) =>
            (rows[row].GetProperty("place").GetString(), rows[row].GetProperty("table").GetString(), rows[row].GetProperty("printed").GetDouble());
    }

    MeasuredDataset Read(Results results)
    {
        var file = Path.Combine(folder.FullName, "metrics.json");
        File.WriteAllBytes(file, MetricsJson.Write(results));
        File.WriteAllText(Path.Combine(folder.FullName, "item-likes.json"), """{ "actual": [3, 9, 1], "predicted": [4, 6, 1] }""");
        return MeasuredDataset.Read(file, _ => [folder.FullName, folder.FullName]);
    }
}
