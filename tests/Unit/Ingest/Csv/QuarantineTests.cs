using System.Text.Json.Nodes;
using Pipeline.Ingest.Csv;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Csv;

/// <summary>What is kept and said of rows that cannot be read.</summary>
public sealed class QuarantineTests : IDisposable
{
    readonly StageHarness harness = new("hm");
    readonly TempFolder raw = new();
    readonly OutputFolder output;

    public QuarantineTests() => output = harness.Output(HmIngestStage.Articles);

    public void Dispose()
    {
        harness.Dispose();
        raw.Dispose();
    }

    [Fact]
    public void Too_many_rows_are_told_by_reason_the_commonest_first_with_three_examples()
    {
        using var quarantine = new Quarantine(output, "a.csv");
        for (var kind = 1; kind <= 7; kind++)
        {
            // Seven reasons: the last one twice, the others once.
            quarantine.Add(kind, 0, $"kind {8 - kind}", $"reason {kind}", kind == 1 ? "x\ny"u8 : "x"u8);
        }

        var error = Assert.Throws<PipelineException>(() => quarantine.Check(accepted: 8, mostShare: 0.49));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Equal(
            "a.csv: 8 of 16 rows (50.00 %) cannot be read; at most 49.00 % may be (ingest.maxQuarantinedShare)."
            + "\n  2: kind 7\n  1: kind 1\n  1: kind 2\n  1: kind 3\n  1: kind 4\n  and 2 more reasons"
            + "\nThe first:\n  a.csv(1): reason 1\n  a.csv(2): reason 2\n  a.csv(3): reason 3\nMend the file, or allow more.",
            error.Message);
        quarantine.Dispose();
        Assert.Equal(7, File.ReadLines(output.File(Quarantine.FileName)).Count());
    }

    [Fact]
    public void As_many_as_may_be_are_not_too_many_and_none_of_none_are_neither()
    {
        using var quarantine = new Quarantine(output, "a.csv");
        quarantine.Check(accepted: 0, mostShare: 0);
        quarantine.Add(2, 0, "kind", "reason", "x"u8);
        quarantine.Check(accepted: 1, mostShare: 0.5);

        Assert.Equal(1, (long)output.Facts["quarantined"]!);
        Assert.False(output.Facts.ContainsKey("quarantinedLeftOut"));
    }

    [Fact]
    public void Beyond_its_size_lines_are_counted_and_not_kept()
    {
        using var quarantine = new Quarantine(output, "a.csv", mostBytes: 1);
        quarantine.Add(2, 0, "kind", "reason", "x"u8);
        quarantine.Add(3, 2, "kind", "reason", "x\ny"u8);

        quarantine.Check(accepted: 0, mostShare: 1);

        Assert.Equal((3, 2), ((long)output.Facts["quarantined"]!, (long)output.Facts["quarantinedLeftOut"]!));
    }

    [Fact]
    public void What_is_wrong_first_is_the_reason()
    {
        // A wrong date and a wrong number; a broken quote in a row of two cells.
        Read("day,size,name\n2020-13-01,x,a\n1\"2,3\n", file => (file.Date(0), file.Integer(1)), optional: []);

        Assert.Equal(
            ["day is '2020-13-01'; it must be a date (yyyy-MM-dd)", "a quote inside a cell that does not start with one at byte 30"],
            File.ReadLines(output.File(Quarantine.FileName)).Select(line => (string)JsonNode.Parse(line)!["reason"]!));
    }

    [Fact]
    public void A_row_of_broken_form_is_handed_to_nobody()
    {
        var handed = 0;
        Read("day,size\n1\"2,3\n", _ => handed++, optional: []);

        Assert.Equal(0, handed);
        Assert.Single(File.ReadLines(output.File(Quarantine.FileName)));
    }

    [Fact]
    public void A_broken_header_is_no_row_to_put_aside() =>
        Assert.Contains("a.csv(1): a quote inside a cell", Assert.Throws<PipelineException>(() => Read("da\"y,size\n1,2\n", file => file.Raw(0).Length, optional: [])).Message);

    [Fact]
    public void An_optional_column_that_is_there_twice_is_refused() =>
        Assert.Contains(
            "a.csv: two columns are named name.",
            Assert.Throws<PipelineException>(() => Read("day,size,name,name\n1,2,a,b\n", file => file.Raw(0).Length, optional: ["name"])).Message);

    void Read<T>(string text, Func<CsvFile, T> use, string[] optional)
    {
        raw.Write("a.csv", text);
        using var quarantine = new Quarantine(output, "a.csv");
        using var file = new CsvFile(raw.Path, "a.csv", ["day", "size"], optional, quarantine);
        while (file.Read())
        {
            use(file);
            file.Accept();
        }
    }
}
