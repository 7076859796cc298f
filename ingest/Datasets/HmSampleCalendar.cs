using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>The days of the generated transactions, how many visits each draws, and what sells in which month.</summary>
sealed class HmSampleCalendar
{
    public const int DayCount = 734;

    public static readonly DateOnly First = new(2018, 9, 20);

    /// <summary>Rows per day of January .. December over the mean, as measured on the real sample.</summary>
    static readonly double[] Year = [0.89, 0.82, 0.88, 1.07, 1.19, 1.31, 1.26, 1.0, 0.96, 0.94, 0.85, 0.83];

    /// <summary>The same of Monday .. Sunday.</summary>
    static readonly double[] Week = [0.94, 0.86, 1.08, 1.08, 1.04, 1.05, 0.95];

    /// <summary>Share of days with an offer for all, and how many times more is sold then: chosen such that the busiest day has four times the mean, as in the sample.</summary>
    const double PromotionShare = 0.04, PromotionFactor = 2.2;

    /// <summary>How far other days stray, in octaves.</summary>
    const double Spread = 0.4;

    /// <summary>What sells when, January .. December over the mean: as measured on the real sample, rounded.</summary>
    static readonly double[][] Seasons =
    [
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [0.6, 0.7, 1.2, 1.5, 2.1, 1.7, 1.4, 0.9, 0.3, 0.3, 0.1, 0.3], // swimwear, shorts
        [1.4, 1.1, 0.8, 0.4, 0.3, 0.3, 0.3, 0.7, 1.9, 2.0, 2.0, 1.9], // knitwear, outdoor, tights
        [0.6, 0.7, 1.0, 1.1, 1.1, 1.5, 1.3, 1.2, 0.7, 0.6, 0.9, 0.9], // dresses
    ];

    readonly AliasTable days;
    readonly int[] monthOfDay = new int[DayCount];

    public HmSampleCalendar(RandomStream random)
    {
        var weights = new double[DayCount];
        for (var day = 0; day < DayCount; day++)
        {
            var date = First.AddDays(day);
            monthOfDay[day] = ((date.Year - First.Year) * 12) + date.Month - First.Month;
            weights[day] = Year[date.Month - 1] * Week[((int)date.DayOfWeek + 6) % 7]
                * HmSampleChance.Octaves(Spread * HmSampleChance.Bell(random))
                * (random.NextDouble() < PromotionShare ? PromotionFactor : 1);
        }

        days = new AliasTable(weights);
    }

    public int DrawDay(RandomStream random) => days.Draw(random);

    /// <summary>Months from the first one of the calendar.</summary>
    public int MonthOf(int day) => monthOfDay[day];

    public int MonthCount => monthOfDay[^1] + 1;

    public int FirstDayOf(int month) => Math.Max(0, new DateOnly(First.Year, First.Month, 1).AddMonths(month).DayNumber - First.DayNumber);

    /// <summary>How a kind of garment sells in a month, over its mean of the year.</summary>
    public static double Demand(HmSampleSeason season, int month) => Seasons[(int)season][(First.Month - 1 + month) % 12];

    /// <summary>As the files print it: 2018-09-20.</summary>
    public static string Text(int day) => First.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Which time of the year a garment is for.</summary>
enum HmSampleSeason
{
    Any,
    Summer,
    Winter,
    Dressy,
}
