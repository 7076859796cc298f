using System.CommandLine;
using System.Globalization;
using Pipeline.Ingest.Datasets;

namespace Pipeline.Bench;

/// <summary>H&amp;M's raw files to tables, at three sizes of generated files; with --peer DuckDB turns the largest file of transactions into Parquet in turn with ours.</summary>
static class IngestBench
{
    const string Script = "tests/Oracle/copy.mjs";
    const double RowsPerCustomer = 23.17;

    public static Command Command()
    {
        var rows = new Option<int>("--rows") { Description = "Transactions of the largest case; the others have a half and a quarter.", DefaultValueFactory = _ => 31_788_324 };
        return BenchOptions.Command(
            "ingest", "Raw transactions, customers and articles to Parquet, beside DuckDB.", (setup, parsed) => Run(setup, parsed.GetRequiredValue(rows)), rows);
    }

    static Results Run(Setup setup, int rows)
    {
        var root = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        try
        {
            var cases = new[] { rows / 4, rows / 2, rows }.Select(size => Start(root, size, setup.Options.Threads)).ToList();
            var (raw, times) = (Path.Combine(root, $"{rows}", HmSampleStage.Sample.Folder, "all"), new List<double>());
            Rounds.Run(cases, setup, (_, _) => times.Add((double)Peer.Lines(
                "node", [Path.Combine(Output.Root(), Script), Path.Combine(raw, "transactions_train.csv"), Path.Combine(root, "peer.parquet"), $"{setup.Options.Threads}"])[0]["ms"]!));
            return Results.Of(
                setup,
                cases.Select((item, index) => new Row(
                    item.Name, item.Median, null, index == cases.Count - 1 && times.Count > 0 ? Case.Middle(times) : null, new("bestMs", item.Best),
                    new("rowsPerSecond", double.Parse(item.Name, CultureInfo.InvariantCulture) * 1000 / item.Median))),
                "Transactions; ours reads and writes the customers and all articles too. Peer: DuckDB, the transactions alone, COPY from CSV to Parquet with Snappy, as many threads.");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    static Case Start(string root, int rows, int threads)
    {
        var world = new ExportWorld(Path.Combine(root, $"{rows}"));
        world.Run(new HmSampleStage(new HmSampleOptions { Customers = (int)(rows / RowsPerCustomer), Transactions = rows }), threads);
        return new Case($"{rows}", () => world.Run(new HmIngestStage(null, new HmIngestOptions()), threads));
    }
}
