using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Ingest.Csv;
using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;
using Pipeline.Unit.Ingest.Parquet;

namespace Pipeline.Unit.Ingest;

public sealed class HmIngestTests : IDisposable
{
    const string Articles = "article_id,prod_name\n0108775015,Strap top\n";
    const string CustomerHeader = "customer_id,FN,Active,club_member_status,fashion_news_frequency,age\n";
    const string TransactionHeader = "t_dat,customer_id,article_id,price,sales_channel_id\n";

    static readonly string Someone = string.Concat(Enumerable.Repeat("0a", 32));
    static readonly string Purchase = $"2018-09-20,{Someone},0108775015,0.0508305084745762,2\n";

    readonly StageHarness harness = new("hm", threads: 2);
    readonly TempFolder raw = new();

    public HmIngestTests()
    {
        raw.Write("articles.csv", Articles);
        raw.Write("customers.csv", CustomerHeader + $"{Someone},1.0,,ACTIVE,NONE,21.0\n");
        raw.Write("transactions_train.csv", TransactionHeader + Purchase);
    }

    public void Dispose()
    {
        harness.Dispose();
        raw.Dispose();
    }

    [Fact]
    public void Ids_keep_their_zeros_days_are_dates_and_prices_what_the_text_says()
    {
        Run();

        var rows = TableFiles.ReadAll(harness.Input(HmIngestStage.Transactions));
        Assert.Equal([ColumnType.Date, ColumnType.String, ColumnType.String, ColumnType.Double, ColumnType.Int32], rows.Schema.Columns.Select(column => column.Type));
        Assert.Equal("0108775015", rows.Strings("article_id").Text(0));
        Assert.Equal(Someone, rows.Strings("customer_id").Text(0));
        Assert.Equal(17_794, rows.Values<int>("t_dat")[0]);
        Assert.Equal(0.0508305084745762, rows.Values<double>("price")[0]);
        Assert.False(File.Exists(harness.Input(HmIngestStage.Transactions).File(Quarantine.FileName)));
    }

    [Fact]
    public void Empty_cells_of_a_customer_are_nulls()
    {
        raw.Write("customers.csv", CustomerHeader + $"{Someone},,1.0,,Regularly,\n");
        Run();

        var rows = TableFiles.ReadAll(harness.Input(HmIngestStage.Customers));
        Assert.True(rows.Values<bool>("FN").IsNull(0));
        Assert.True(rows.Values<bool>("Active")[0]);
        Assert.True(rows.Strings("club_member_status").IsNull(0));
        Assert.Equal("Regularly", rows.Strings("fashion_news_frequency").Text(0));
        Assert.True(rows.Values<int>("age").IsNull(0));
    }

    [Fact]
    public void Columns_that_nobody_needs_may_be_absent_or_strange_and_their_order_is_free()
    {
        raw.Write("articles.csv", ",prod_name,index_code,article_id,sesame,department_no\n0,Strap top,A,0108775015,open,1676\n1,Vest,,0108775016,,\n");
        Run();

        var rows = TableFiles.ReadAll(harness.Input(HmIngestStage.Articles));
        Assert.Equal(["article_id", "prod_name", "department_no", "index_code"], rows.Schema.Columns.Select(column => column.Name));
        Assert.Equal(1676, rows.Values<int>("department_no")[0]);
        Assert.True(rows.Values<int>("department_no").IsNull(1));
        Assert.True(rows.Strings("index_code").IsNull(1));
    }

    [Theory]
    [InlineData("t_dat,customer_id,article_id\n", "price")]
    [InlineData("customer_id,article_id,price,sales_channel_id\n", "t_dat")]
    [InlineData("", "is empty; expected a header")]
    public void A_file_without_a_needed_column_is_refused(string text, string expected)
    {
        raw.Write("transactions_train.csv", text);

        Refused(ExitCode.InputMissing, "transactions_train.csv", expected);
    }

    [Fact]
    public void An_absent_file_is_refused()
    {
        File.Delete(raw.File("customers.csv"));

        Refused(ExitCode.InputMissing, "has no customers.csv and no customers.csv.gz");
    }

    [Fact]
    public void A_file_that_is_there_twice_is_refused()
    {
        raw.Write("articles.csv.gz", "");

        Refused(ExitCode.InputMissing, "holds both articles.csv and articles.csv.gz");
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Other_ends_of_lines_are_read(string end)
    {
        raw.Write("transactions_train.csv", (TransactionHeader + Purchase + Purchase).ReplaceLineEndings(end));
        Run();

        Assert.Equal(2, harness.Input(HmIngestStage.Transactions).Manifest.Rows);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_column()
    {
        File.WriteAllText(raw.File("transactions_train.csv"), TransactionHeader + Purchase, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Run();

        Assert.Equal(1, harness.Input(HmIngestStage.Transactions).Manifest.Rows);
    }

    [Theory]
    [InlineData("2020-13-40,{0},0108775015,0.05,2", "t_dat is '2020-13-40'; it must be a date (yyyy-MM-dd)")]
    [InlineData("2018-09-20,{0},108775015,0.05,2", "article_id is '108775015'; it must be 10 digits: leading zeros belong to it")]
    [InlineData("2018-09-20,abc,0108775015,0.05,2", "customer_id is 'abc'; it must be 64 hexadecimal digits in lower case")]
    [InlineData("2018-09-20,{0},0108775015,\"0,05\",2", "price is '0,05'; it must be a finite number")]
    [InlineData("2018-09-20,{0},0108775015,-1,2", "price is '-1'; it must be at least 0")]
    [InlineData("2018-09-20,{0},0108775015,0.05,two", "sales_channel_id is 'two'; it must be a whole number")]
    [InlineData("2018-09-20,{0},0108775015,0.05", "expected 5 cells (t_dat,customer_id,article_id,price,sales_channel_id), found 4")]
    [InlineData("2018-09-20,{0},01087\"75015,0.05,2", "a quote inside a cell that does not start with one at byte 133")]
    public void A_row_that_cannot_be_read_is_put_aside_with_its_place_its_reason_and_its_text(string row, string reason)
    {
        row = string.Format(CultureInfo.InvariantCulture, row, Someone);
        raw.Write("transactions_train.csv", TransactionHeader + row + "\n" + string.Concat(Enumerable.Repeat(Purchase, 199)));
        Run();

        var input = harness.Input(HmIngestStage.Transactions);
        Assert.Equal(199, input.Manifest.Rows);
        Assert.Equal(1, (long)input.Manifest.Facts["quarantined"]!);
        var line = JsonNode.Parse(Assert.Single(File.ReadAllLines(input.File(Quarantine.FileName))))!;
        Assert.Equal("transactions_train.csv", (string)line["file"]!);
        Assert.Equal(2, (int)line["line"]!);
        Assert.Equal(TransactionHeader.Length, (int)line["byteOffset"]!);
        Assert.Equal(reason, (string)line["reason"]!);
        Assert.Equal(row, (string)line["raw"]!);
        Assert.Contains(harness.Log, text => text.Contains("1 rows cannot be read"));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_kept_too()
    {
        byte[] wrong = [.. "0108775016,Sp"u8, 0xFF, .. "itze"u8];
        var sound = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i:D10},Name\n"));
        File.WriteAllBytes(raw.File("articles.csv"), [.. Encoding.UTF8.GetBytes("article_id,prod_name\n" + sound), .. wrong, (byte)'\n']);
        Run();

        var line = JsonNode.Parse(File.ReadAllText(harness.Input(HmIngestStage.Articles).File(Quarantine.FileName)))!;
        Assert.Equal("prod_name is not UTF-8 text", (string)line["reason"]!);
        Assert.Equal(wrong, line["rawBase64"]!.GetValue<string>() is { } text ? Convert.FromBase64String(text) : []);
    }

    [Fact]
    public void Too_many_such_rows_fail_the_stage_and_it_says_what_it_saw()
    {
        var wrong = Purchase.Replace("0108775015", "108775015");
        raw.Write("transactions_train.csv", TransactionHeader + string.Concat(Enumerable.Repeat(wrong, 3)) + "x\n" + string.Concat(Enumerable.Repeat(Purchase, 96)));

        var message = Refused(ExitCode.CheckFailed, "transactions_train.csv: 4 of 100 rows (4.00 %) cannot be read; at most 1.00 % may be");

        Assert.Contains("3: article_id is not 10 digits", message);
        Assert.Contains("1: another number of cells than the header", message);
        Assert.Contains("transactions_train.csv(2): article_id is '108775015'", message);
        harness.Run(new HmIngestStage(raw.Path, new HmIngestOptions { MaxQuarantinedShare = 0.04 }));
        Assert.Equal(96, harness.Input(HmIngestStage.Transactions).Manifest.Rows);
    }

    [Theory]
    [InlineData("articles.csv", "article_id,prod_name\n")]
    [InlineData("customers.csv", "customer_id,FN,Active,club_member_status,fashion_news_frequency,age\n\n")]
    [InlineData("transactions_train.csv", TransactionHeader)]
    public void A_file_with_a_header_and_no_rows_is_refused(string file, string text)
    {
        raw.Write(file, text);

        Refused(ExitCode.CheckFailed, $"{file} has a header and no rows");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Rows_that_a_quote_swallowed_count_as_rows(string end)
    {
        // The quote before the third cell closes three lines later: one row of wrong form, four lines of the file.
        var swallowed = $"2018-09-20,{Someone},\"0108775015,0.05,2\n{Purchase}{Purchase}2018-09-20,{Someone},0108775015\",0.05,2\n";
        raw.Write("transactions_train.csv", (TransactionHeader + swallowed + string.Concat(Enumerable.Repeat(Purchase, 96))).ReplaceLineEndings(end));

        Refused(ExitCode.CheckFailed, "4 of 100 rows");
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_refused()
    {
        raw.Write("transactions_train.csv", TransactionHeader + string.Concat(Enumerable.Repeat(Purchase, 200)) + "\"2018" + string.Concat(Enumerable.Repeat(Purchase, 5)));

        Refused(ExitCode.InputMissing, "transactions_train.csv(202): a quote that is never closed");
    }

    [Fact]
    public void A_row_that_never_ends_is_refused()
    {
        raw.Write("transactions_train.csv", TransactionHeader + Purchase + new string('x', 3 << 20));

        Refused(ExitCode.InputMissing, "transactions_train.csv(3): a row of more than");
    }

    [Fact]
    public void Compressed_files_are_read()
    {
        Compress(TransactionHeader + Purchase + Purchase);
        Run();

        Assert.Equal(2, harness.Input(HmIngestStage.Transactions).Manifest.Rows);
    }

    [Fact]
    public void A_compressed_file_that_is_cut_short_is_refused()
    {
        Compress(TransactionHeader + string.Concat(Enumerable.Repeat(Purchase, 500)));
        var path = raw.File("transactions_train.csv.gz");
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { whole.Length - 1, whole.Length - 9, whole.Length / 2, 30 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Refused(ExitCode.InputMissing, "transactions_train.csv.gz");
        }
    }

    [RealDataFact("hm")]
    public void The_real_sample_has_its_rows()
    {
        harness.Run(new HmIngestStage(RealData.Folder("hm"), new HmIngestOptions()));

        Assert.Equal(105_542, harness.Input(HmIngestStage.Articles).Manifest.Rows);
        Assert.Equal(1_364, harness.Input(HmIngestStage.Customers).Manifest.Rows);
        Assert.Equal(31_662, harness.Input(HmIngestStage.Transactions).Manifest.Rows);
        Assert.All([HmIngestStage.Articles, HmIngestStage.Customers, HmIngestStage.Transactions], table => Assert.Equal(0, (long)harness.Input(table).Manifest.Facts["quarantined"]!));
    }

    [RealDataFact("hm")]
    public void Every_price_of_the_real_sample_is_what_its_text_says()
    {
        harness.Run(new HmIngestStage(RealData.Folder("hm"), new HmIngestOptions()));
        var prices = TableFiles.ReadAll(harness.Input(HmIngestStage.Transactions), "price").Values<double>("price").Values.ToArray();
        var texts = File.ReadLines(Path.Combine(RealData.Folder("hm"), "transactions_train.csv")).Skip(1).Select(line => line.Split(',')[3]);

        // A double printed as short as it can be read back again is the text, zeros at the end aside.
        Assert.All(prices.Zip(texts), pair => Assert.Equal(decimal.Parse(pair.Second, CultureInfo.InvariantCulture), decimal.Parse(pair.First.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture)));
    }

    [OracleRealDataFact("hm")]
    public void DuckDB_reads_the_same_rows_from_the_real_sample()
    {
        var folder = RealData.Folder("hm");
        harness.Run(new HmIngestStage(folder, new HmIngestOptions()));

        Same(HmIngestStage.Transactions, $"{folder}/transactions_train.csv", "{'t_dat': 'DATE', 'price': 'DOUBLE', 'sales_channel_id': 'INTEGER'}", "*");
        Same(HmIngestStage.Customers, $"{folder}/customers.csv", "{}", "customer_id, FN = '1.0' AS FN, Active = '1.0' AS Active, club_member_status, fashion_news_frequency, age::DOUBLE::INTEGER AS age, postal_code");
        Same(HmIngestStage.Articles, $"{folder}/articles.csv.gz", "{}", "article_id, prod_name, product_code, product_type_no::INTEGER AS product_type_no, garment_group_name, index_code");
    }

    /// <summary>The table holds each row of the file as often as the file does.</summary>
    void Same(Artifact table, string csv, string types, string columns)
    {
        var part = harness.Input(table).File("part-00000.parquet");
        var rows = harness.Input(table).Manifest.Rows;
        var source = $"(SELECT {columns} FROM read_csv('{csv}', header = true, all_varchar = {(types == "{}" ? "true" : "false")}{(types == "{}" ? "" : $", types = {types.TrimEnd('}')}, 'customer_id': 'VARCHAR', 'article_id': 'VARCHAR'}}")}))";
        var names = string.Join(", ", columns == "*" ? "*" : string.Join(", ", columns.Split(", ").Select(column => column.Split(" AS ").Last())));
        var found = Oracle.Query($"SELECT (SELECT count(*) FROM {source}), (SELECT count(*) FROM (SELECT {names} FROM read_parquet('{part}') EXCEPT ALL SELECT * FROM {source}))");
        Assert.Equal([$"{rows}", "0"], found[0]);
    }

    void Run() => harness.Run(new HmIngestStage(raw.Path, new HmIngestOptions()));

    void Compress(string text)
    {
        File.Delete(raw.File("transactions_train.csv"));
        using var compressor = new GZipStream(File.Create(raw.File("transactions_train.csv.gz")), CompressionLevel.Optimal);
        compressor.Write(Encoding.UTF8.GetBytes(text));
    }

    string Refused(ExitCode code, params string[] expected)
    {
        var error = Assert.Throws<PipelineException>(Run);
        Assert.Equal(code, error.Code);
        Assert.All(expected, text => Assert.Contains(text, error.Message));
        return error.Message;
    }
}
