using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Draws the article of one purchase: in proportion to how much it is wanted, on that day, by such a customer.</summary>
/// <remarks>
/// One table per month and index with every article on sale, by weight, season and its best day of that month; what is drawn is then taken with the chance
/// that the day and the customer give, else drawn anew.
/// </remarks>
sealed class HmSampleOffers
{
    /// <summary>A limit that is reached about never: half of all draws are taken.</summary>
    const int MostDraws = 100;

    readonly HmSampleCatalogue catalogue;
    readonly HmSampleCalendar calendar;
    readonly AliasTable[] indexesOfBand;
    readonly Offer?[][] offers;

    public HmSampleOffers(HmSampleCatalogue catalogue, HmSampleCalendar calendar)
    {
        this.catalogue = catalogue;
        this.calendar = calendar;
        indexesOfBand = [.. Enumerable.Range(0, HmSampleTaste.BandCount).Select(band => new AliasTable(HmSampleTaste.Indexes(band)))];
        offers = [.. Enumerable.Range(0, calendar.MonthCount).Select(OffersOf)];
    }

    /// <summary>The part of the shop that a customer of this band goes to.</summary>
    public int DrawIndex(int band, RandomStream random) => indexesOfBand[band].Draw(random);

    public int Draw(int day, int index, int band, bool isReader, RandomStream random)
    {
        var month = calendar.MonthOf(day);
        var offer = OfferOf(month, index);
        for (var draw = 1; ; draw++)
        {
            var position = offer.Table.Draw(random);
            var article = catalogue.AllArticles[offer.Articles[position]];
            var chance = article.Freshness(day) / offer.Best[position] * HmSampleTaste.Fit(catalogue.Products[article.Product], band, isReader);
            if (random.NextFloat() < chance || draw == MostDraws)
            {
                return offer.Articles[position];
            }
        }
    }

    Offer?[] OffersOf(int month)
    {
        var (first, next) = (calendar.FirstDayOf(month), calendar.FirstDayOf(month + 1));
        List<int>[] articles = [.. HmSampleIndex.List.Select(_ => new List<int>())];
        List<double>[] weights = [.. HmSampleIndex.List.Select(_ => new List<double>())];
        List<float>[] best = [.. HmSampleIndex.List.Select(_ => new List<float>())];
        for (var i = 0; i < catalogue.AllArticles.Length; i++)
        {
            var article = catalogue.AllArticles[i];
            var product = catalogue.Products[article.Product];
            var freshness = article.Launch < next ? article.Freshness(Math.Max(first, article.Launch)) : 0;
            if (freshness > 0)
            {
                articles[product.Index].Add(i);
                best[product.Index].Add((float)freshness);
                weights[product.Index].Add(
                    article.Weight * freshness * HmSampleCalendar.Demand(HmSampleGarment.List[product.Garment].Season, month));
            }
        }

        return [.. HmSampleIndex.List.Select((_, index) => articles[index].Count == 0 ? null
            : new Offer([.. articles[index]], [.. best[index]], new AliasTable([.. weights[index]])))];
    }

    /// <summary>Of that index, or where a very small catalogue has nothing there, of the next one.</summary>
    Offer OfferOf(int month, int index)
    {
        for (var step = 0; step < HmSampleIndex.List.Count; step++)
        {
            if (offers[month][(index + step) % HmSampleIndex.List.Count] is { } offer)
            {
                return offer;
            }
        }

        throw new InvalidOperationException($"No article is on sale in month {month}.");
    }

    /// <param name="Best">Freshness of each article on its best day of the month.</param>
    sealed record Offer(int[] Articles, float[] Best, AliasTable Table);
}
