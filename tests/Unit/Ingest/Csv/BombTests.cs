using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Ingest.Csv;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;
using Pipeline.Unit.Host;

namespace Pipeline.Unit.Ingest.Csv;

/// <summary>A small file takes little memory, disk and time, whatever it unpacks to.</summary>
public sealed class BombTests : IDisposable
{
    const string Articles = "articles.csv", Header = "article_id,prod_name\n";

    // What has no limit would else fill the disk of whoever runs the tests.
    const long MostOnDisk = 100 << 20;

    readonly StageHarness harness = new("hm");
    readonly TempFolder raw = new();

    public BombTests()
    {
        raw.Write(Articles, Header + "0108775015,Strap top\n");
        var customer = new string('a', 64);
        raw.Write("customers.csv", $"customer_id,FN,Active,club_member_status,fashion_news_frequency,age\n{customer},,,ACTIVE,NONE,21.0\n");
        raw.Write("transactions_train.csv", $"t_dat,customer_id,article_id,price,sales_channel_id\n2018-09-20,{customer},0108775015,0.05,2\n");
    }

    public void Dispose()
    {
        harness.Dispose();
        raw.Dispose();
    }

    [Theory]
    [InlineData("\0", "a row of more than 1,048,576 bytes")]
    [InlineData("x", "a row of more than 1,048,576 bytes")]
    [InlineData("\"", "a row of more than 1,048,576 bytes")]
    [InlineData(",", "a row of more than 1,048,576 bytes")]
    [InlineData("\n", "unpack to more than 200 times as many")]
    [InlineData("0108775015,Strap top\n", "unpack to more than 200 times as many")]
    public void A_gibibyte_of_the_same_is_refused_and_takes_little_disk(string what, string message)
    {
        // Members may follow each other, so a bomb is as quick to make as a copy.
        Gibibyte(what);

        Refused(message);

        Assert.InRange(BytesIn(harness.Root), 0, 80L << 20);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("x\n")]
    [InlineData("0108775015,Strap top\n")]
    public async Task A_gibibyte_of_the_same_is_refused_within_a_heap_of_64_MiB(string what)
    {
        Gibibyte(what);
        using var night = new Nightly();
        using var run = night.Start(new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x4000000" }, "run", "hm/ingest", "--set", $"datasets.hm.raw={raw.Path}");
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        while (!run.WaitForExit(milliseconds: 20))
        {
            if (BytesIn(night.Data) > MostOnDisk)
            {
                run.Kill();
            }
        }

        Assert.True(run.ExitCode == (int)ExitCode.InputMissing, $"{run.ExitCode}: {await output}{await error}");
    }

    [Fact]
    public void Bad_rows_without_end_do_not_fill_the_disk()
    {
        const int Rows = 600_000;
        raw.Write(Articles, Header + string.Concat(Enumerable.Repeat("x\n", Rows)));

        harness.Run(new HmIngestStage(raw.Path, new HmIngestOptions { MaxQuarantinedShare = 1 }));

        var table = harness.Input(HmIngestStage.Articles);
        var file = new FileInfo(table.File(Quarantine.FileName));
        Assert.InRange(file.Length, 64 << 20, (64 << 20) + 1_000);
        var kept = File.ReadLines(file.FullName).Count();
        Assert.Equal(Rows, (long)table.Manifest.Facts["quarantined"]!);
        Assert.Equal(Rows - kept, (long)table.Manifest.Facts["quarantinedLeftOut"]!);
        Assert.Equal(kept + 1, (int)JsonNode.Parse(File.ReadLines(file.FullName).Last())!["line"]!);
    }

    [Fact]
    public void Bad_rows_alone_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var quarantine = new Quarantine(harness.Output(HmIngestStage.Articles), Articles, cancellation: cancelled.Token);

        Assert.Throws<OperationCanceledException>(() => quarantine.Add(2, 10, "kind", "reason", "x"u8));
    }

    [Fact]
    public void Long_texts_are_written_before_they_fill_the_memory()
    {
        // 300 rows of half a mebibyte: 150 MiB of text, of which never more than 64 and a few are held.
        var text = new string('a', 1 << 19);
        raw.Write(Articles, Header + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i:D10},{text}\n")));
        harness.Run(new HmIngestStage(raw.Path, new HmIngestOptions()));

        using var reader = new Pipeline.Ingest.Parquet.ParquetReader(harness.Input(HmIngestStage.Articles).File("part-00000.parquet"));
        Assert.Equal(3, reader.GroupCount);
        Assert.Equal(300, harness.Input(HmIngestStage.Articles).Manifest.Rows);
    }

    [Fact]
    public void A_text_that_says_it_is_compressed_is_refused()
    {
        File.Move(raw.File(Articles), raw.File("articles.csv.gz"));

        Refused("articles.csv.gz cannot be read to its end");
    }

    [Fact]
    public void A_compressed_file_within_a_compressed_file_is_no_table()
    {
        Compress(Header, "0108775015,Strap top\n", times: 1);
        var once = File.ReadAllBytes(raw.File("articles.csv.gz"));
        using (var outer = new GZipStream(File.Create(raw.File("articles.csv.gz")), CompressionLevel.Fastest))
        {
            outer.Write(once);
        }

        Refused("articles.csv.gz(1): ");
    }

    [Fact]
    public void An_empty_compressed_file_is_no_table()
    {
        File.Delete(raw.File(Articles));
        raw.Write("articles.csv.gz", "");

        Refused("articles.csv.gz is empty");
    }

    [Fact]
    public void A_long_table_that_packs_well_is_read()
    {
        // 40 MiB, of which numbers and names differ: some ten times as long as its file.
        var rows = string.Concat(Enumerable.Range(0, 1_200_000).Select(i => $"{i:D10},Name of the article {i % 977}\n"));
        Compress(Header, rows, times: 1);

        harness.Run(new HmIngestStage(raw.Path, new HmIngestOptions()));

        Assert.Equal(1_200_000, harness.Input(HmIngestStage.Articles).Manifest.Rows);
    }

    void Gibibyte(string what) => Compress(Header, string.Concat(Enumerable.Repeat(what, (16 << 20) / what.Length)), times: 64);

    void Compress(string header, string text, int times)
    {
        File.Delete(raw.File(Articles));
        using var file = File.Create(raw.File("articles.csv.gz"));
        file.Write(Member(header));
        var member = Member(text);
        for (var i = 0; i < times; i++)
        {
            file.Write(member);
        }
    }

    static byte[] Member(string text)
    {
        using var file = new MemoryStream();
        using (var compressor = new GZipStream(file, CompressionLevel.SmallestSize))
        {
            compressor.Write(Encoding.UTF8.GetBytes(text));
        }

        return file.ToArray();
    }

    static long BytesIn(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);
        }
        catch (DirectoryNotFoundException)
        {
            // It is not there yet, or was renamed while it was looked at.
            return 0;
        }
    }

    void Refused(string message)
    {
        using var tooMuch = new CancellationTokenSource();
        harness.Cancellation = tooMuch.Token;
        var run = Task.Run(() => harness.Run(new HmIngestStage(raw.Path, new HmIngestOptions())));
        while (Task.WaitAny([run], millisecondsTimeout: 20) < 0)
        {
            if (BytesIn(harness.Root) > MostOnDisk)
            {
                tooMuch.Cancel();
            }
        }

        var error = Assert.Throws<PipelineException>(() => run.GetAwaiter().GetResult());
        Assert.Equal((ExitCode.InputMissing, message), (error.Code, error.Message.Contains(message, StringComparison.Ordinal) ? message : error.Message));
    }
}
