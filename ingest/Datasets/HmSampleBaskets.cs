using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Fills visits with purchases and writes them as lines of transactions_train.csv.</summary>
sealed class HmSampleBaskets(HmSampleCatalogue catalogue, HmSampleOffers offers, HmSampleCustomers customers, HmSampleVisits visits)
{
    /// <summary>
    /// Chance that a further row of a visit is the same article again, and that it is that or another one of the same product; fitted to the rows of the real sample
    /// that repeat an article (9.9 %) or a name (15.6 %) of the same visit.
    /// </summary>
    const float SameArticle = 0.03f, SameProduct = 0.2f;

    /// <summary>Chance of coming back to a favourite, and of taking then another article of its product; fitted to the rows that repeat an article (3.4 %) or a name (5.6 %) of another day.</summary>
    const float Favourite = 0.32f, OtherColour = 0.6f;

    /// <summary>Chance of buying from the index one buys from most, whatever the band does on average.</summary>
    const float Home = 0.25f;

    /// <summary>Of each further row, on the chance that a visit is to a store: large baskets are ordered online. Measured.</summary>
    const double StoreRow = 0.88;

    /// <summary>Chance that an article is sold at a reduced price on its first day, and what its last day adds. Measured, a third over all.</summary>
    const double Reduced = 0.2, ReducedLater = 0.35;

    /// <summary>A euro of the generated shop as the files print it: prices in cents, divided by 59,000 and cut after 16 digits.</summary>
    const ulong PriceScale = 10_000_000_000_000, PriceDivisor = 59;

    const int PriceDigits = 16;

    readonly byte[][] dates = [.. Enumerable.Range(0, HmSampleCalendar.DayCount).Select(day => Utf8Lines.Bytes(HmSampleCalendar.Text(day)))];

    /// <summary>Adds the lines of the visits first .. last - 1.</summary>
    public void Write(int first, int last, Utf8Lines lines, RandomStream random)
    {
        Span<byte> start = stackalloc byte["2018-09-20,,".Length + (2 * HmSampleCustomers.IdBytes)];
        for (var visit = first; visit < last; visit++)
        {
            var (day, customer, rows) = (visits.DayOf(visit), visits.CustomerOf(visit), visits.RowsOf(visit));
            var isOnline = IsOnline(customer, rows, random);
            dates[day].CopyTo(start);
            start[10] = (byte)',';
            Convert.TryToHexStringLower(customers.IdOf(customer), start[11..], out _);
            start[^1] = (byte)',';
            var article = -1;
            for (var row = 0; row < rows; row++)
            {
                article = Next(article, day, customer, random);
                lines.Add(start);
                WriteArticle(article, day, lines, random);
                lines.Add(isOnline ? ",2\n"u8 : ",1\n"u8);
            }
        }
    }

    bool IsOnline(int customer, int rows, RandomStream random)
    {
        var store = 1 - customers.OnlineOf(customer);
        for (var row = 1; row < rows; row++)
        {
            store *= StoreRow;
        }

        return random.NextDouble() >= store;
    }

    /// <param name="before">The article of the row before; negative in the first row of a visit.</param>
    int Next(int before, int day, int customer, RandomStream random)
    {
        if (before >= 0)
        {
            var again = random.NextFloat();
            if (again < SameArticle)
            {
                return before;
            }

            if (again < SameProduct)
            {
                return Sibling(before, day, random);
            }
        }

        if (random.NextFloat() < Favourite)
        {
            var favourite = customers.DrawFavourite(customer, random);
            if (random.NextFloat() < catalogue.AllArticles[favourite].Freshness(day))
            {
                return random.NextFloat() < OtherColour ? Sibling(favourite, day, random) : favourite;
            }
        }

        var (band, index) = (customers.BandOf(customer), customers.HomeOf(customer));
        if (random.NextFloat() >= Home)
        {
            index = offers.DrawIndex(band, random);
        }

        return offers.Draw(day, index, band, customers.IsReader(customer), random);
    }

    /// <summary>An article of the same product, if the one that is drawn is on sale; else the same again.</summary>
    int Sibling(int article, int day, RandomStream random)
    {
        var product = catalogue.Products[catalogue.AllArticles[article].Product];
        var sibling = product.FirstArticle + random.NextInt(product.ArticleCount);
        return catalogue.AllArticles[sibling].Freshness(day) > 0 ? sibling : article;
    }

    void WriteArticle(int number, int day, Utf8Lines lines, RandomStream random)
    {
        var article = catalogue.AllArticles[number];
        var cents = catalogue.Products[article.Product].Cents;
        if (random.NextDouble() < Reduced + (ReducedLater * (1 - article.Freshness(day))))
        {
            cents -= cents * (3 + (int)(50 * random.NextDouble() * random.NextDouble())) / 100;
        }

        lines.AddNumber((ulong)article.Number, 10);
        lines.Add(",0."u8);
        AddDecimals((ulong)cents * PriceScale / PriceDivisor, lines);
    }

    /// <summary>Sixteen digits without the zeros at their end.</summary>
    static void AddDecimals(ulong digits, Utf8Lines lines)
    {
        var count = PriceDigits;
        while (digits % 10 == 0)
        {
            digits /= 10;
            count--;
        }

        lines.AddNumber(digits, (byte)count);
    }
}
