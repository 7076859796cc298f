using Pipeline.Ingest.Datasets;
using Xunit.Abstractions;

namespace Pipeline.Unit.Ingest;

/// <summary>
/// Generated files of the real sample's size, mean over four seeds, against the real sample. The tolerances are what seeds differ by, and what few numbers per
/// marginal cannot follow: they hold the shape and not the last digit.
/// </summary>
public sealed class HmSampleRealTests(ITestOutputHelper output)
{
    [RealDataFact("hm")]
    public void Purchases_spread_over_names_articles_and_customers_as_in_the_real_sample()
    {
        var real = new HmRawFiles(RealData.Folder("hm"));
        HmRawFiles[] generated = [.. Enumerable.Range(1, 4).Select(Generate)];

        Compare("purchases of the top 100 names", 0.15, files => files.ShareOfTop(100, purchase => purchase.Name));
        Compare("purchases of the top 1,000 names", 0.05, files => files.ShareOfTop(1_000, purchase => purchase.Name));
        Compare("purchases of the top 1,000 articles", 0.25, files => files.ShareOfTop(1_000, purchase => purchase.Article));
        Compare("different names", 0.05, files => files.Purchases.DistinctBy(purchase => purchase.Name).Count());
        Compare("different articles", 0.12, files => files.Purchases.DistinctBy(purchase => purchase.Article).Count());
        Compare("customers with a top name", 0.08, files => TopNamesOfCustomers(files).Count);
        Compare("pairs of customer and top name", 0.15, files => TopNamesOfCustomers(files).Sum());
        Compare("share with five or more of them", 0.15, files => (double)TopNamesOfCustomers(files).Count(names => names >= 5) / TopNamesOfCustomers(files).Count);
        Compare("purchases of the top 10 % of customers", 0.06, files => files.ShareOfTop(136, purchase => purchase.Customer));
        Compare("rows per visit", 0.02, files => (double)files.Purchases.Count / files.Purchases.DistinctBy(purchase => (purchase.Day, purchase.Customer)).Count());
        Compare("rows that repeat an article", 0.2, files => 1 - ((double)files.Purchases.DistinctBy(purchase => (purchase.Customer, purchase.Article)).Count() / files.Purchases.Count));
        Compare("rows that repeat a name", 0.12, files => 1 - ((double)files.Purchases.DistinctBy(purchase => (purchase.Customer, purchase.Name)).Count() / files.Purchases.Count));
        Compare("online", 0.04, files => files.Purchases.Count(purchase => purchase.Channel == "2") / 31_662.0);
        Compare("mean price", 0.08, files => files.Purchases.Average(purchase => double.Parse(purchase.Price, System.Globalization.CultureInfo.InvariantCulture)));

        void Compare(string what, double tolerance, Func<HmRawFiles, double> measure)
        {
            var (expected, found) = (measure(real), generated.Average(measure));
            output.WriteLine($"{what}: real {expected:0.####}, generated {found:0.####}");
            Assert.True(Math.Abs((found / expected) - 1) <= tolerance, $"{what}: real {expected}, generated {found}.");
        }
    }

    static HmRawFiles Generate(int seed)
    {
        using var harness = new StageHarness("hm");
        return HmRawFiles.Generate(harness, new HmSampleOptions { Customers = 1_364, Transactions = 31_662, Seed = seed });
    }

    /// <summary>How many of the hundred most bought names each customer has who has one.</summary>
    static List<int> TopNamesOfCustomers(HmRawFiles files)
    {
        var top = HmRawFiles.TopNames(files.Purchases, 100).ToHashSet(StringComparer.Ordinal);
        return [.. files.Purchases.Where(purchase => top.Contains(purchase.Name)).GroupBy(purchase => purchase.Customer)
            .Select(purchases => purchases.DistinctBy(purchase => purchase.Name).Count())];
    }
}
