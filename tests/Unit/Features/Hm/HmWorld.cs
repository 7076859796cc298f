using System.Globalization;
using System.IO.Compression;
using Pipeline.Features;
using Pipeline.Ingest.Csv;
using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Features.Hm;

/// <summary>The three tables of H&amp;M, put together row by row or read from the real files.</summary>
sealed class HmWorld
{
    static readonly TableSchema ArticleSchema = new(new("article_id", ColumnType.String), new("prod_name", ColumnType.String));

    static readonly TableSchema CustomerSchema = new(
        new("customer_id", ColumnType.String),
        new("FN", ColumnType.Bool, IsOptional: true),
        new("Active", ColumnType.Bool, IsOptional: true),
        new("club_member_status", ColumnType.String, IsOptional: true),
        new("fashion_news_frequency", ColumnType.String, IsOptional: true),
        new("age", ColumnType.Int32, IsOptional: true));

    static readonly TableSchema TransactionSchema = new(
        new("t_dat", ColumnType.Date), new("customer_id", ColumnType.String), new("article_id", ColumnType.String));

    readonly List<string[]> articles = [], customers = [], transactions = [];

    /// <summary>The real files. Every cell is text; an empty one is a null.</summary>
    public static HmWorld Real(string scratch)
    {
        var raw = RealData.Folder("hm");
        using (var packed = new GZipStream(File.OpenRead(Path.Combine(raw, "articles.csv.gz")), CompressionMode.Decompress))
        using (var plain = File.Create(Path.Combine(scratch, "articles.csv")))
        {
            packed.CopyTo(plain);
        }

        var world = new HmWorld();
        Read(scratch, "articles.csv", ArticleSchema, world.articles);
        Read(raw, "customers.csv", CustomerSchema, world.customers);
        Read(raw, "transactions_train.csv", TransactionSchema, world.transactions);
        return world;
    }

    public HmWorld Article(string id, string name)
    {
        articles.Add([id, name]);
        return this;
    }

    /// <summary>Empty texts are nulls.</summary>
    public HmWorld Customer(string id, string fn = "", string active = "", string club = "", string news = "", string age = "")
    {
        customers.Add([id, fn, active, club, news, age]);
        return this;
    }

    /// <param name="date">"2020-09-16".</param>
    public HmWorld Buys(string customer, string date, params string[] articleIds)
    {
        transactions.AddRange(articleIds.Select(article => new[] { date, customer, article }));
        return this;
    }

    public StageHarness Write(StageHarness harness)
    {
        Write(harness, HmIngestStage.Articles, ArticleSchema, articles);
        Write(harness, HmIngestStage.Customers, CustomerSchema, customers);
        Write(harness, HmIngestStage.Transactions, TransactionSchema, transactions);
        return harness;
    }

    static void Read(string folder, string name, TableSchema schema, List<string[]> rows)
    {
        using var file = new CsvFile(folder, name, [.. schema.Columns.Select(column => column.Name)]);
        while (file.Read())
        {
            rows.Add([.. Enumerable.Range(0, schema.Count).Select(file.Text)]);
        }
    }

    static void Write(StageHarness harness, Pipeline.Stages.Artifact artifact, TableSchema schema, List<string[]> rows)
    {
        var output = harness.Output(artifact);

        // Small groups, so that every table has several.
        using var writer = new TableWriter(output, schema, rowsPerGroup: 1000);
        foreach (var row in rows)
        {
            for (var c = 0; c < schema.Count; c++)
            {
                Add(writer.Rows.Columns[c], row[c]);
            }

            writer.EndRow();
        }

        writer.Finish();
        harness.Add(output);
    }

    static void Add(ColumnBuffer column, string cell)
    {
        switch (column)
        {
            case var _ when column.Column.IsOptional && cell.Length == 0:
                column.AddNull();
                break;
            case StringBuffer texts:
                texts.Add(cell);
                break;
            case ColumnBuffer<bool> flags:
                flags.Add(cell == "1.0");
                break;
            case ColumnBuffer<int> days when column.Column.Type == ColumnType.Date:
                days.Add(Days.Of(DateOnly.Parse(cell, CultureInfo.InvariantCulture)));
                break;
            case ColumnBuffer<int> numbers:
                numbers.Add((int)double.Parse(cell, CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"A test has no use for a column of {column.Column.Type}.");
        }
    }
}
