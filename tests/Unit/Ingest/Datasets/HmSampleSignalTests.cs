namespace Pipeline.Unit.Ingest;

/// <summary>There is something to find in the generated purchases. Measured as the share of purchases that are on a list of the twelve most bought names.</summary>
public sealed class HmSampleSignalTests(HmDefaultSample sample) : IClassFixture<HmDefaultSample>
{
    readonly IReadOnlyList<Purchase> all = sample.Files.Purchases;

    [Fact]
    public void Recent_popularity_beats_popularity()
    {
        var cut = new DateOnly(2020, 8, 26);
        Purchase[] past = [.. all.Where(purchase => purchase.Day < cut)], next = [.. all.Where(purchase => purchase.Day >= cut)];

        var popular = Share(past, next, _ => 0);
        var recent = Share(past.Where(purchase => purchase.Day >= cut.AddDays(-28)), next, _ => 0);

        // Some 17,000 purchases: chance alone moves a share of 0.02 by 0.001.
        Assert.True(recent > popular + 0.005, $"{recent} and {popular}");
    }

    [Fact]
    public void Popularity_by_age_group_beats_popularity_and_the_fashion_news_tell_still_more()
    {
        var readers = sample.Files.Customers.Skip(1).Where(cells => cells[4] == "Regularly").Select(cells => cells[0]).ToHashSet(StringComparer.Ordinal);
        var held = sample.Files.Customers.Skip(1).Where((_, row) => row % 4 == 0).Select(cells => cells[0]).ToHashSet(StringComparer.Ordinal);
        Purchase[] known = [.. all.Where(purchase => !held.Contains(purchase.Customer))], other = [.. all.Where(purchase => held.Contains(purchase.Customer))];

        var popular = Share(known, other, _ => 0);
        var byAge = Share(known, other, purchase => purchase.Band);
        var byBoth = Share(known, other, purchase => (2 * purchase.Band) + (readers.Contains(purchase.Customer) ? 1 : 0));

        // Some 115,000 purchases: chance alone moves a share of 0.02 by 0.0004, and these are over the same ones.
        Assert.True(byAge > popular * 1.1 && byBoth > byAge * 1.05, $"{popular}, {byAge} and {byBoth}");
    }

    /// <summary>Share of the purchases that are on the list that those known before give their group.</summary>
    static double Share(IEnumerable<Purchase> known, Purchase[] next, Func<Purchase, int> group)
    {
        var lists = known.GroupBy(group).ToDictionary(purchases => purchases.Key, purchases => HmRawFiles.TopNames(purchases, 12).ToHashSet(StringComparer.Ordinal));
        return (double)next.Count(purchase => lists.TryGetValue(group(purchase), out var list) && list.Contains(purchase.Name)) / next.Length;
    }
}
