using Pipeline.Ingest.Datasets;
using Pipeline.Unit.Features;

namespace Pipeline.Unit.Ingest;

/// <summary>The default sample, made and read once for all tests here.</summary>
public sealed class HmDefaultSample : IDisposable
{
    readonly StageHarness harness = new("hm", threads: 2);

    public HmDefaultSample() => Files = HmRawFiles.Generate(harness, new HmSampleOptions());

    internal HmRawFiles Files { get; }

    public void Dispose() => harness.Dispose();
}

/// <summary>How the generated rows are distributed. Tolerances are at least four standard errors of what is counted.</summary>
public sealed class HmSampleShapeTests(HmDefaultSample sample) : IClassFixture<HmDefaultSample>
{
    readonly HmRawFiles files = sample.Files;

    [Fact]
    public void Categories_have_as_many_different_values_as_in_the_real_file()
    {
        int[] expected = [132, 131, 19, 30, 30, 50, 50, 8, 8, 20, 20, 299, 250, 10, 10, 5, 5, 57, 56, 21, 21];

        Assert.Equal(expected, Enumerable.Range(3, 21).Select(column => files.Articles.Skip(1).Select(cells => cells[column]).Distinct().Count()));

        // Sums of 47,000 drawn sizes, and a name that returns now and then: 1 % is nine standard errors.
        Assert.InRange(Distinct(1), 47_224 * 0.98, 47_224 * 1.02);
        Assert.InRange(Distinct(2), 45_875 * 0.98, 45_875 * 1.02);

        int Distinct(int column) => files.Articles.Skip(1).Select(cells => cells[column]).Distinct().Count();
    }

    [Fact]
    public void Customers_have_the_profiles_that_the_generator_states()
    {
        var counts = files.Customers.Skip(1).CountBy(cells => string.Join(',', cells[1..5])).ToDictionary();
        var statistic = ChiSquare.Of(
            [.. HmSampleCustomers.Profiles.Select(profile => (long)counts.GetValueOrDefault(profile.Cells))],
            [.. HmSampleCustomers.Profiles.Select(profile => profile.Share)]);

        Assert.Equal(20_000, HmSampleCustomers.Profiles.Sum(profile => counts.GetValueOrDefault(profile.Cells)));
        Assert.InRange(statistic, 0, ChiSquare.Quantile999(HmSampleCustomers.Profiles.Length - 1));
    }

    [Fact]
    public void Shares_of_profiles_sum_to_one() => Assert.Equal(1, HmSampleCustomers.Profiles.Sum(profile => profile.Share), 1e-9);

    [Fact]
    public void Few_customers_buy_nothing_and_a_tenth_of_them_buys_half_of_all()
    {
        var rows = files.Purchases.CountBy(purchase => purchase.Customer).Select(pair => pair.Value).OrderDescending().ToArray();

        // 0.7 %: 140 of 20,000, standard deviation 12.
        Assert.InRange(20_000 - rows.Length, 90, 190);

        // The real sample: 0.486.
        Assert.InRange((double)rows.Take(2_000).Sum() / files.Purchases.Count, 0.44, 0.53);
    }

    [Fact]
    public void Days_months_and_channels_have_the_shares_of_the_real_sample()
    {
        // Calendar noise (29 % per day, promotions) over 105 Mondays leaves 4 % of a share, over two years' months 6 %; rounding of the stated numbers 1 %.
        AssertNear([0.134, 0.123, 0.155, 0.155, 0.148, 0.150, 0.136], day => ((int)day.DayOfWeek + 6) % 7, 0.16);
        AssertNear([0.075, 0.064, 0.075, 0.088, 0.101, 0.107, 0.107, 0.084, 0.082, 0.079, 0.070, 0.069], day => day.Month - 1, 0.24);
        Assert.InRange(files.Purchases.Count(purchase => purchase.Channel == "2") / 460_000.0, 0.68, 0.74);

        void AssertNear(double[] shares, Func<DateOnly, int> part, double tolerance)
        {
            var counts = files.Purchases.CountBy(purchase => part(purchase.Day)).ToDictionary();
            Assert.All(shares, (share, i) => Assert.InRange(counts[i] / 460_000.0 / share, 1 - tolerance, 1 + tolerance));
        }
    }

    [Fact]
    public void Prices_are_cents_in_the_scale_of_the_real_files()
    {
        Assert.All(files.Purchases, purchase =>
        {
            var cents = Math.Round(decimal.Parse(purchase.Price, System.Globalization.CultureInfo.InvariantCulture) * 59_000);
            Assert.Equal(purchase.Price, Cut(cents / 59_000));
        });

        // 1999, as the most frequent real price; reduced ones are a third.
        Assert.Equal("0.0338813559322033", files.Purchases.CountBy(purchase => purchase.Price).MaxBy(pair => pair.Value).Key);
    }

    [RealDataFact("hm")]
    public void Real_prices_are_printed_that_way_too()
    {
        var prices = new HmRawFiles(RealData.Folder("hm")).Purchases.Select(purchase => purchase.Price).ToArray();
        var same = prices.Count(price => price == Cut(Math.Round(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture) * 59_000) / 59_000));

        // A few are means of several and end in another last digit.
        Assert.True(same > 0.99 * prices.Length, $"{same} of {prices.Length}");
    }

    [Fact]
    public void Swimwear_sells_in_summer_and_knitwear_in_winter()
    {
        var garments = files.Articles.Skip(1).ToDictionary(cells => cells[0], cells => cells[23], StringComparer.Ordinal);

        Assert.InRange(ShareIn("Swimwear", month => month is 5 or 6 or 7), 0.4, 0.75);
        Assert.InRange(ShareIn("Knitwear", month => month is 5 or 6 or 7), 0.03, 0.15);

        double ShareIn(string garment, Func<int, bool> isIn)
        {
            var months = files.Purchases.Where(purchase => garments[purchase.Article] == garment).Select(purchase => purchase.Day.Month).ToArray();
            return (double)months.Count(isIn) / months.Length;
        }
    }

    static string Cut(decimal price) =>
        (Math.Floor(price * 10_000_000_000_000_000m) / 10_000_000_000_000_000m).ToString("0.################", System.Globalization.CultureInfo.InvariantCulture);
}
