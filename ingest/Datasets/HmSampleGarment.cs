namespace Pipeline.Ingest.Datasets;

/// <summary>One of the 21 garment groups.</summary>
/// <param name="Noun">What its articles are called.</param>
/// <param name="Body">The product group of most of its articles.</param>
/// <param name="Appeal">Purchases per article over the mean, roughly as measured on the real sample.</param>
sealed record HmSampleGarment(string Name, string Noun, int Body, HmSampleSeason Season, double Appeal)
{
    public static IReadOnlyList<HmSampleGarment> List { get; } =
    [
        new("Jersey fancy", "Tee", 0, HmSampleSeason.Any, 0.8),
        new("Accessories", "Scarf", 3, HmSampleSeason.Any, 0.5),
        new("Jersey basic", "Vest", 0, HmSampleSeason.Any, 1.3),
        new("Knitwear", "Sweater", 0, HmSampleSeason.Winter, 1),
        new("Under-, nightwear", "Bra", 4, HmSampleSeason.Any, 1.3),
        new("Trousers", "Trousers", 1, HmSampleSeason.Any, 1.4),
        new("Blouses", "Blouse", 0, HmSampleSeason.Any, 1.5),
        new("Shoes", "Sandal", 5, HmSampleSeason.Any, 0.5),
        new("Dresses", "Dress", 2, HmSampleSeason.Dressy, 1.5),
        new("Outdoor", "Jacket", 0, HmSampleSeason.Winter, 0.5),
        new("Swimwear", "Bikini", 6, HmSampleSeason.Summer, 3.5),
        new("Socks and tights", "Tights", 7, HmSampleSeason.Winter, 1),
        new("Denim", "Jeans", 1, HmSampleSeason.Any, 1.5),
        new("Shorts", "Shorts", 1, HmSampleSeason.Summer, 1.3),
        new("Skirts", "Skirt", 1, HmSampleSeason.Any, 1.3),
        new("Shirts", "Shirt", 0, HmSampleSeason.Any, 0.5),
        new("Tailored", "Blazer", 0, HmSampleSeason.Any, 0.8),
        new("Nightwear", "Pyjama", 8, HmSampleSeason.Any, 0.6),
        new("Woven, jersey and knitted for babies", "Overall", 2, HmSampleSeason.Any, 0.3),
        new("Dresses and skirts for girls", "Pinafore", 2, HmSampleSeason.Dressy, 0.3),
        new("Unknown", "Thing", 18, HmSampleSeason.Any, 0.5),
    ];

    /// <summary>Shares of the first ten in the articles, as measured on the real sample; the other eleven have equal parts of the rest.</summary>
    public static ReadOnlySpan<double> Shares => [0.203, 0.109, 0.077, 0.071, 0.070, 0.064, 0.055, 0.049, 0.046, 0.043];
}

/// <summary>One of the ten indexes: parts of the shop.</summary>
/// <param name="Group">0 .. 4: for women, children, young people, men, sport.</param>
/// <param name="Articles">Share of the articles, as measured on the real sample.</param>
/// <param name="Sold">Share of the purchases, as measured there.</param>
sealed record HmSampleIndex(string Code, string Name, int Group, double Articles, double Sold)
{
    public static IReadOnlyList<HmSampleIndex> List { get; } =
    [
        new("A", "Women", 0, 0.246, 0.407),
        new("B", "Lingerie, tights", 0, 0.065, 0.179),
        new("C", "Accessories for women", 0, 0.066, 0.061),
        new("D", "Young", 2, 0.144, 0.222),
        new("F", "Men", 3, 0.119, 0.055),
        new("G", "Babies, sizes 50-98", 1, 0.090, 0.008),
        new("H", "Children, sizes 92-140", 1, 0.114, 0.010),
        new("I", "Children, sizes 134-170", 1, 0.090, 0.016),
        new("J", "Accessories for children", 1, 0.034, 0.004),
        new("S", "Sport", 4, 0.032, 0.038),
    ];

    public static IReadOnlyList<string> Groups { get; } = ["Women", "Children", "Young", "Men", "Sport"];
}
