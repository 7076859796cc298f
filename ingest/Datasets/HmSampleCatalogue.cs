using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>One product of the generated catalogue: some articles that differ in colour.</summary>
/// <param name="Name">Number of its name. A later product may bear the name of an earlier one; it is then of the same kind.</param>
/// <param name="Index">Position in <see cref="HmSampleIndex.List"/>.</param>
/// <param name="Garment">Position in <see cref="HmSampleGarment.List"/>.</param>
/// <param name="Variant">Which of its garment's types it is.</param>
/// <param name="Popularity">In octaves.</param>
/// <param name="Band">The age band that it is made for.</param>
/// <param name="IsFashion">Made for readers of the fashion news; else for those who are none.</param>
/// <param name="Cents">Price where it is not reduced.</param>
readonly record struct HmSampleProduct(
    int Name,
    int Code,
    int Index,
    int Garment,
    int Variant,
    double Popularity,
    int Band,
    bool IsFashion,
    int Cents,
    int FirstArticle,
    int ArticleCount);

/// <summary>One article: a product in a colour, on sale for a while, wanted less every day.</summary>
/// <param name="Number">The id without its leading zero.</param>
/// <param name="Launch">First day on sale; days before the first transaction are negative.</param>
/// <param name="Days">After so many days nobody wants it any more.</param>
/// <param name="Weight">How much it is wanted when it is new.</param>
readonly record struct HmSampleArticle(int Number, int Product, int Colour, int Launch, int Days, double Weight)
{
    /// <summary>1 when it is new, then falling in a straight line to 0.</summary>
    public double Freshness(int day) => day < Launch || day >= Launch + Days ? 0 : (double)(Launch + Days - day) / Days;
}

/// <summary>All articles, in the order of their ids, which is about the order in which they came into the shop.</summary>
sealed class HmSampleCatalogue
{
    /// <summary>Codes of the first and the last product, as in the real file.</summary>
    const int FirstCode = 108_775, LastCode = 959_461;

    /// <summary>Share of the products that bear the name of an earlier one: measured, 45,875 names for 47,224 products.</summary>
    const double SameName = 0.0285;

    /// <summary>Articles of a product as measured: shares of one, two, ...; then geometric up to 75.</summary>
    static readonly double[] Articles = [0.51, 0.252, 0.105, 0.05, 0.025];

    const double MoreArticles = 0.8;

    const int MostArticles = 75;

    /// <summary>
    /// How far popularity strays, in octaves: over products, and over the articles of a product. Fitted, as are the next four, to the share of the most bought names
    /// and articles of the real sample and to how often two of its purchases fall on the same one, by the days between them.
    /// </summary>
    const double ProductSpread = 0.65, ArticleSpread = 0.2;

    /// <summary>A product with more colours is wanted more in each of them, by so many octaves per article up to the eighth.</summary>
    const double SizeAppeal = 0.12;

    /// <summary>From here on a product's articles share what there is.</summary>
    const double CrowdedArticles = 14;

    /// <summary>Share of products that are sold for years and not for a season.</summary>
    const double BasicShare = 0.2;

    /// <summary>Days on sale: of what is sold for years, of its passing colours, and of what is sold for a season.</summary>
    const int BasicDays = 400, MoreBasicDays = 1000, ColourDays = 40, MoreColourDays = 90, SeasonDays = 30, MoreSeasonDays = 220;

    /// <summary>Days on which the first and the last product come into the shop.</summary>
    const int FirstLaunch = -300, LastLaunch = 725;

    /// <summary>Shares of prices in cents as measured; the rest is spread over all that end in 99.</summary>
    static readonly double[] PriceShares = [0.16, 0.15, 0.145, 0.07, 0.065, 0.055, 0.05, 0.05, 0.045, 0.03, 0.02];

    static readonly int[] Prices = [1999, 999, 1499, 2999, 2499, 799, 1299, 1799, 499, 3999, 599];

    /// <summary>Shares of the first colours in the articles as measured: black, dark blue, white, light pink; the rest falls off geometrically.</summary>
    static readonly double[] Colours = [0.215, 0.115, 0.09, 0.055, 0.05, 0.045, 0.04, 0.035, 0.03, 0.03, 0.03];

    /// <summary>Black is a fifth of the articles and a third of the purchases.</summary>
    const double BlackAppeal = 1.8;

    readonly List<HmSampleProduct> products = [];
    readonly HmSampleArticle[] articles;

    public HmSampleCatalogue(int count, RandomStream random)
    {
        articles = new HmSampleArticle[count];
        List<int> sizes = [];
        for (var left = count; left > 0; left -= sizes[^1])
        {
            sizes.Add(Math.Min(left, DrawSize(random)));
        }

        var first = 0;
        foreach (var size in sizes)
        {
            AddProduct(first, size, sizes.Count, random);
            first += size;
        }
    }

    public ReadOnlySpan<HmSampleArticle> AllArticles => articles;

    public IReadOnlyList<HmSampleProduct> Products => products;

    /// <summary>How many names there are.</summary>
    public int NameCount { get; private set; }

    static int DrawSize(RandomStream random)
    {
        var size = HmSampleChance.Category(Articles, Articles.Length + 1, random) + 1;
        while (size > Articles.Length && size < MostArticles && random.NextDouble() < MoreArticles)
        {
            size++;
        }

        return size;
    }

    void AddProduct(int first, int size, int productCount, RandomStream random)
    {
        // Equal steps, each product anywhere within its own: codes rise, and so do the days of launch.
        var code = FirstCode + (int)((long)products.Count * (LastCode - FirstCode) / productCount) + random.NextInt((LastCode - FirstCode) / productCount);
        var launch = FirstLaunch + (int)((LastLaunch - FirstLaunch) * (products.Count + random.NextDouble()) / productCount);
        var product = products.Count > 0 && random.NextDouble() < SameName
            ? products[random.NextInt(products.Count)]
            : NewKind(random);
        product = product with { Code = code, FirstArticle = first, ArticleCount = size };
        var isBasic = random.NextDouble() < BasicShare;
        var days = isBasic ? BasicDays + random.NextInt(MoreBasicDays) : SeasonDays + (int)(MoreSeasonDays * random.NextDouble() * random.NextDouble());
        var variant = 0;
        for (var article = first; article < first + size; article++)
        {
            variant += 1 + random.NextInt(9);
            articles[article] = DrawArticle(product, article > first, variant, launch, days, isBasic, random);
        }

        products.Add(product);
    }

    HmSampleProduct NewKind(RandomStream random)
    {
        var index = HmSampleChance.Category([.. HmSampleIndex.List.Select(index => index.Articles)], HmSampleIndex.List.Count, random);
        var garment = HmSampleChance.Category(HmSampleGarment.Shares, HmSampleGarment.List.Count, random);
        var price = HmSampleChance.Category(PriceShares, PriceShares.Length + 1, random);
        return new HmSampleProduct(
            NameCount++,
            Code: 0,
            index,
            garment,
            HmSampleChance.Category([0.5, 0.25, 0.12, 0.06, 0.03], HmSampleTypes.VariantsOf(garment), random),
            ProductSpread * HmSampleChance.Bell(random),
            random.NextInt(HmSampleTaste.BandCount),
            random.NextInt(2) == 0,
            price < Prices.Length ? Prices[price] : (100 * (2 + (int)(75 * random.NextDouble() * random.NextDouble()))) - 1,
            FirstArticle: 0,
            ArticleCount: 0);
    }

    HmSampleArticle DrawArticle(HmSampleProduct product, bool isLater, int variant, int launch, int days, bool isBasic, RandomStream random)
    {
        var colour = HmSampleChance.Category(Colours, HmSampleTypes.ColourCount, random);
        if (isLater)
        {
            launch += (int)(0.6 * days * random.NextDouble());
        }

        // The basic colours of what is sold for years are sold for years; other colours come and go.
        var ownDays = !isBasic ? 20 + (int)(days * (0.5 + random.NextDouble())) : colour < 3 ? days : ColourDays + random.NextInt(MoreColourDays);
        var octaves = product.Popularity + (SizeAppeal * Math.Min(product.ArticleCount, 8)) + (ArticleSpread * HmSampleChance.Bell(random));
        var weight = HmSampleChance.Octaves(octaves)
            * HmSampleGarment.List[product.Garment].Appeal
            * (colour == 0 ? BlackAppeal : 1)
            * Math.Min(1, CrowdedArticles / product.ArticleCount);
        return new HmSampleArticle((product.Code * 1000) + variant, products.Count, colour, launch, ownDays, weight);
    }
}
