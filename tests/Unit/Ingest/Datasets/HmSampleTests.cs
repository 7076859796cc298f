using System.Text.RegularExpressions;
using Pipeline.Ingest.Datasets;

namespace Pipeline.Unit.Ingest;

public sealed partial class HmSampleTests : IDisposable
{
    static readonly HmSampleOptions Small = new() { Customers = 1_500, Transactions = 35_000, Articles = 3_000 };

    readonly StageHarness harness = new("hm");

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Files_have_the_columns_of_the_real_ones_and_rows_of_their_form()
    {
        var files = HmRawFiles.Generate(harness, Small);

        Assert.Equal(
            "article_id,product_code,prod_name,product_type_no,product_type_name,product_group_name,graphical_appearance_no,graphical_appearance_name,"
            + "colour_group_code,colour_group_name,perceived_colour_value_id,perceived_colour_value_name,perceived_colour_master_id,perceived_colour_master_name,"
            + "department_no,department_name,index_code,index_name,index_group_no,index_group_name,section_no,section_name,garment_group_no,garment_group_name",
            string.Join(',', files.Articles[0]));
        Assert.Equal("customer_id,FN,Active,club_member_status,fashion_news_frequency,age,postal_code", string.Join(',', files.Customers[0]));
        Assert.Equal("t_dat,customer_id,article_id,price,sales_channel_id", files.TransactionLines[0]);
        Assert.All(files.Articles, cells => Assert.Equal(24, cells.Length));
        Assert.All(files.Articles.Skip(1), cells => Assert.Matches(ArticleId(), cells[0]));
        Assert.All(files.Articles.Skip(1), cells => Assert.Equal(cells[0][1..7], cells[1]));
        Assert.All(files.Customers.Skip(1), cells => Assert.Matches(CustomerRow(), string.Join(',', cells)));
        Assert.All(files.TransactionLines.Skip(1), line => Assert.Matches(TransactionRow(), line));
    }

    [RealDataFact("hm")]
    public void Real_files_have_those_columns_and_that_form_too()
    {
        var (files, generated) = (new HmRawFiles(RealData.Folder("hm")), HmRawFiles.Generate(harness, Small));

        Assert.Equal(files.Articles[0], generated.Articles[0]);
        Assert.Equal(files.Customers[0], generated.Customers[0]);
        Assert.Equal(files.TransactionLines[0], generated.TransactionLines[0]);
        Assert.All(files.Articles.Skip(1), cells => Assert.Matches(ArticleId(), cells[0]));
        Assert.All(files.Customers.Skip(1), cells => Assert.Matches(CustomerRow(), string.Join(',', cells)));
        Assert.All(files.TransactionLines.Skip(1), line => Assert.Matches(TransactionRow(), line));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5_000)]
    [InlineData(5_000, 3)]
    [InlineData(1_500, 35_000)]
    public void There_are_exactly_as_many_rows_as_asked_for(int customers, int transactions)
    {
        var files = HmRawFiles.Generate(harness, Small with { Customers = customers, Transactions = transactions });

        Assert.Equal(customers, files.Customers.Count - 1);
        Assert.Equal(transactions, files.Purchases.Count);
        Assert.Equal(Small.Articles, files.Articles.Count - 1);
    }

    [Fact]
    public void Ids_are_different_and_rise()
    {
        var files = HmRawFiles.Generate(harness, Small);

        AssertRises(files.Articles.Skip(1).Select(cells => cells[0]));
        AssertRises(files.Customers.Skip(1).Select(cells => cells[0]));

        static void AssertRises(IEnumerable<string> ids) =>
            Assert.All(ids.Zip(ids.Skip(1)), pair => Assert.True(string.CompareOrdinal(pair.First, pair.Second) < 0, $"{pair}"));
    }

    [Fact]
    public void Transactions_lie_by_day_and_customer_from_the_first_day_to_the_last()
    {
        var purchases = HmRawFiles.Generate(harness, Small).Purchases;

        Assert.Equal(new DateOnly(2018, 9, 20), purchases[0].Day);
        Assert.Equal(new DateOnly(2020, 9, 22), purchases[^1].Day);
        Assert.All(purchases.Zip(purchases.Skip(1)), pair => Assert.True(
            pair.First.Day < pair.Second.Day
            || (pair.First.Day == pair.Second.Day && string.CompareOrdinal(pair.First.Customer, pair.Second.Customer) <= 0), $"{pair}"));
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_on_any_number_of_threads_and_another_seed_other_ones()
    {
        // Six chunks of visits: more than one thread makes at once, fewer than two do.
        var options = Small with { Transactions = 80_000 };
        var one = Fingerprint(options, threads: 1);

        Assert.Equal(one, Fingerprint(options, threads: 2));
        Assert.Equal(one, Fingerprint(options, threads: 3));
        Assert.NotEqual(one, Fingerprint(options with { Seed = 2 }, threads: 1));

        static string Fingerprint(HmSampleOptions options, int threads)
        {
            using var harness = new StageHarness("hm", threads);
            return harness.Run(new HmSampleStage(options)).Input(HmSampleStage.Sample).Manifest.Fingerprint;
        }
    }

    [Fact]
    public void Sample_says_that_it_is_generated_and_what_is_in_it()
    {
        var manifest = harness.Run(new HmSampleStage(Small)).Input(HmSampleStage.Sample).Manifest;

        Assert.True(manifest.Synthetic);
        Assert.Equal(Small.Transactions, manifest.Facts["transactions"]!.GetValue<int>());
    }

    [GeneratedRegex(@"^0\d{9}$")]
    private static partial Regex ArticleId();

    /// <summary>FN and Active 1.0 or empty, known words or empty, an age such as 21.0 or empty, two digests.</summary>
    [GeneratedRegex(@"^[0-9a-f]{64},(1\.0)?,(1\.0)?,(ACTIVE|PRE-CREATE|LEFT CLUB)?,(NONE|None|Regularly|Monthly)?,([1-9]\d\.0)?,[0-9a-f]{64}$")]
    private static partial Regex CustomerRow();

    /// <summary>Up to 18 digits after the point: a few real prices are means, and are printed otherwise.</summary>
    [GeneratedRegex(@"^(2018|2019|2020)-\d\d-\d\d,[0-9a-f]{64},0\d{9},0\.\d{0,17}[1-9],[12]$")]
    private static partial Regex TransactionRow();
}
