using System.Globalization;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class ReportCheckTests : IDisposable
{
    static readonly string[] Metrics = ["P@5", "P@10", "R@5", "R@10", "MRR@5", "MRR@10", "HR@1", "HR@5", "HR@10"];

    static readonly string[] Datasets = ["spotify", "hm", "vaccine-25x25", "vaccine-25x50", "vaccine-25x100", "vaccine-50x50", "vaccine-50x100", "vaccine-100x100"];

    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("table.csv")]
    [InlineData("table.md")]
    public void The_sixteen_printed_rows_can_be_true(string name)
    {
        var result = Check(name, Metrics, Datasets);

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Contains("16 rows can be true", result.Out);
    }

    [Theory]
    [InlineData("table.csv")]
    [InlineData("table.md")]
    public void The_printed_average_precision_cannot_be_true_beside_its_row(string name)
    {
        var result = Check(name, [.. Metrics, "MAP@12"], ["spotify", "hm"]);

        Assert.Equal(ExitCode.CheckFailed, result.Code);
        Assert.Contains("hm, mamba: MAP@12 >= (MRR@10 + 2/5 (5 P@5 - HR@5) + 2/10 (10 P@10 - HR@10 - 5 P@5 + HR@5)) / 12 fails by 0.00", result.Out);
        Assert.Contains("MAP@12 0.0342", result.Out);
        Assert.Contains("hm, transformer: MAP@12 >= ", result.Out);
        Assert.DoesNotContain("spotify, ", result.Out);
        Assert.Contains("2 of 4 rows cannot be true", result.Out);
        // What a linear programme over all lists of 12 places gives for both rows.
        Assert.Contains("hm, mamba: MAP@12 divides by the smaller of 12 and a user's relevant items? Then it is at least 0.0573", result.Out);
        Assert.Contains("hm, transformer: MAP@12 divides by the smaller of 12 and a user's relevant items? Then it is at least 0.058006, not 0.0335", result.Out);
    }

    [Fact]
    public void What_only_a_definition_forbids_is_told_and_passes()
    {
        // Everybody has one relevant item, found at rank 10: AP is 1 / 10, or 1 / 120 for who divides by 12.
        var result = CheckText("a.csv", "P@10,R@10,HR@10,MRR@10,MAP@12\n0.1000,1.0000,1.0000,0.1000,0.0083\n");

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Contains("a.csv(2): MAP@12 divides by the smaller of 12 and a user's relevant items? Then it is at least 0.0999", result.Out);
        Assert.Contains("not 0.0083: MAP@12 >= 1/10 R@10 + (MRR@10 + 1/10 (10 P@10 - 2 HR@10)) / 12", result.Out);
        Assert.Contains("1 row can be true", result.Out);
    }

    [Theory]
    [InlineData("model,HR@5,HR@10\nx,0.60,0.50\n", "standard input(2) x: HR@5 <= HR@10 fails by 0.09")]
    [InlineData("# Results\n\n| model | HR@5 | HR@10 |\n|:--|--:|--:|\n| x | 60 % | 50 % |\n", "standard input(5) x: HR@5 <= HR@10 fails by 0.09")]
    public void A_table_can_come_through_standard_input(string text, string message)
    {
        cli.Input = text;

        var result = cli.Run("report", "check", "-");

        Assert.Equal(ExitCode.CheckFailed, result.Code);
        Assert.Contains(message, result.Out);
    }

    [Theory]
    [InlineData("", "standard input is empty; expected a header.")]
    [InlineData("just words\n", "standard input has no row under a metric's column")]
    [InlineData("HR@5,MRR@5\nbest,1\n", "standard input(2): HR@5 is 'best'; it must be a number")]
    public void Standard_input_without_a_table_is_refused(string text, string message)
    {
        cli.Input = text;

        var result = cli.Run("report", "check", "-");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void Ndcg_is_bounded_by_an_assumption_that_is_stated_and_dropped_where_the_table_refutes_it()
    {
        // One relevant item, HR@10 = .5 and all hits at rank 10 or better: NDCG@10 is at least .5 / log2(11) = .1445.
        var assumed = CheckText("a.csv", "model,HR@10,NDCG@10\nx,0.500,0.100\n");
        var refuted = CheckText("b.csv", "model,HR@10,R@10,NDCG@10\nx,0.500,0.200,0.100\n");

        Assert.Equal(ExitCode.CheckFailed, assumed.Code);
        Assert.Contains("Assumed, for no column tells: one relevant item per user", assumed.Out);
        Assert.Equal(ExitCode.Ok, refuted.Code);
        Assert.Contains("the bounds of NDCG for one are not applied", refuted.Out);
    }

    [Fact]
    public void Json_names_the_impossible_cells()
    {
        var result = CheckText("a.csv", "model,HR@5,HR@10\n\"x\u001b[31m\",0.60,0.50\n", "--json");

        var row = result.Json.GetProperty("tables")[0].GetProperty("rows")[0];
        Assert.Equal("x?[31m", row.GetProperty("label").GetString());
        Assert.Equal(2, row.GetProperty("line").GetInt32());
        Assert.Equal(["HR@10", "HR@5"], row.GetProperty("broken")[0].GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("metric").GetString()));
        Assert.False(result.Json.GetProperty("possible").GetBoolean());
    }

    [Theory]
    [InlineData("a.txt", "HR@5\n0.5\n", ExitCode.Usage, "'a.txt' is no table that can be checked; its name must end with .csv")]
    [InlineData("a.csv", "name,score\nx,1\n", ExitCode.InputMissing, "no row under a metric's column")]
    [InlineData("a.csv", "HR@5,MRR@5\nbest,1\n", ExitCode.InputMissing, "a.csv(2): HR@5 is 'best'; it must be a number")]
    [InlineData("a.csv", "HR@5,hit@5\n1,1\n", ExitCode.InputMissing, "2 columns hold HR@5")]
    [InlineData("a.csv", "HR@5,MRR@5\n1\n", ExitCode.InputMissing, "a.csv(2): expected 2 cells")]
    [InlineData("a.md", "| HR@5 | MRR@5 |\n|---|---|\n| 1 |\n", ExitCode.InputMissing, "a.md(3): expected 2 cells")]
    public void What_cannot_be_read_is_refused_with_its_place(string name, string text, ExitCode code, string message)
    {
        var result = CheckText(name, text);

        Assert.Equal(code, result.Code);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void A_file_that_is_absent_is_named() => Assert.Contains("none.csv is not there", cli.Run("report", "check", "none.csv").Error);

    CliResult CheckText(string name, string text, params string[] options)
    {
        File.WriteAllText(cli.File(name), text);
        return cli.Run(["report", "check", name, .. options]);
    }

    CliResult Check(string name, string[] metrics, string[] datasets)
    {
        var isMarkdown = name.EndsWith(".md", StringComparison.Ordinal);
        string Line(IEnumerable<string> cells) => isMarkdown ? $"| {string.Join(" | ", cells)} |" : string.Join(',', cells);
        string[] headers = ["data", "tower", .. metrics];
        var rows = from dataset in datasets
                   from tower in new[] { "mamba", "transformer" }
                   select Line([dataset, tower, .. metrics.Select(metric => PrintedTables.Find(dataset, tower, metric)?.ToString(CultureInfo.InvariantCulture) ?? "-")]);
        return CheckText(name, string.Join('\n', [Line(headers), .. isMarkdown ? [Line(headers.Select(_ => "---"))] : Array.Empty<string>(), .. rows, ""]));
    }
}
