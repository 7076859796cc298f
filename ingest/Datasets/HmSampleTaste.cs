namespace Pipeline.Ingest.Datasets;

/// <summary>What a model can find: who prefers what.</summary>
/// <remarks>
/// Three age bands. Which index is bought from depends on the band, as measured on the real sample. Within an index every product is made for one band and
/// is taken by the others <see cref="OtherBand"/> times as often: fitted such that two purchases fall on the same name 1.1 times as often within a band as
/// across bands, as in the sample. Every product is also made for readers of the fashion news or for the others: not seen in the sample, but so there is more
/// to find than the age.
/// What sells depends on the season, and on how long it has been in the shop; see <see cref="HmSampleCalendar"/> and <see cref="HmSampleArticle.Freshness"/>.
/// </remarks>
static class HmSampleTaste
{
    public const int BandCount = 3;

    const double OtherBand = 0.55, OtherReader = 0.6;

    /// <summary>Purchases of a band from the group of an index (women, children, young, men, sport) over the mean of all bands.</summary>
    static readonly double[][] Groups =
    [
        [0.97, 0.4, 1.27, 0.87, 0.85],
        [1.02, 1.0, 0.93, 0.95, 1.15],
        [1.0, 1.6, 0.92, 1.17, 0.85],
    ];

    /// <summary>Below 26, below 40, and older; those without an age buy as the second band does.</summary>
    public static int Band(int? age) => age is not { } years || (years >= 26 && years < 40) ? 1 : years < 26 ? 0 : 2;

    /// <summary>Chances of the indexes, not yet divided by their sum.</summary>
    public static double[] Indexes(int band) => [.. HmSampleIndex.List.Select(index => index.Sold * Groups[band][index.Group])];

    /// <summary>How readily a customer takes a product, at most 1.</summary>
    public static double Fit(HmSampleProduct product, int band, bool isReader) =>
        (product.Band == band ? 1 : OtherBand) * (product.IsFashion == isReader ? 1 : OtherReader);
}
