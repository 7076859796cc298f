using System.Buffers.Binary;
using System.Security.Cryptography;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>All generated customers: writes customers.csv, and keeps what their purchases depend on.</summary>
sealed class HmSampleCustomers
{
    public const int IdBytes = 32;

    /// <summary>Articles that a customer comes back to.</summary>
    const int FavouriteCount = 2;

    /// <summary>Share of one postal code, and different other ones per customer: measured.</summary>
    const double CommonPostalCode = 0.091, PostalCodesPerCustomer = 0.28;

    const double AgeMissing = 0.0088;

    /// <summary>Quantiles of the age as measured: one peak at 23, another at 50.</summary>
    static readonly (double, double)[] Ages =
        [(0, 16), (0.03, 18.6), (0.15, 22), (0.25, 24.5), (0.4, 28.5), (0.55, 33.5), (0.6, 37.5), (0.65, 42.5), (0.9, 56.5), (0.97, 64), (0.998, 80), (1, 99.9)];

    /// <summary>Share of the customers without a purchase: few in the real file, none in the real sample.</summary>
    const double Idle = 0.007;

    /// <summary>Quantiles of the days on which a customer buys, as measured; the mean is 6.45.</summary>
    static readonly (double, double)[] Visits =
        [(0, 1), (0.3, 1), (0.4, 2), (0.5, 2.7), (0.6, 4), (0.7, 6), (0.8, 9.3), (0.9, 15.3), (0.95, 22), (0.99, 42), (1, 105)];

    /// <summary>Readers of the fashion news buy more often; measured, 29.3 and 20.4 rows.</summary>
    const double ReaderVisits = 1.32, OtherVisits = 0.85;

    /// <summary>Quantiles of the chance that a visit is to the online shop, as measured.</summary>
    static readonly (double, double)[] Online = [(0, 0), (0.32, 0), (0.45, 0.2), (0.6, 0.75), (0.7, 1), (1, 1)];

    /// <summary>What the columns FN to fashion_news_frequency say, and how often. The last four are known values that the real sample is too small to show.</summary>
    public static readonly (double Share, string Cells)[] Profiles =
    [
        (0.5895, ",,ACTIVE,NONE"),
        (0.3106, "1.0,1.0,ACTIVE,Regularly"),
        (0.0700, ",,PRE-CREATE,NONE"),
        (0.0110, "1.0,,ACTIVE,Regularly"),
        (0.0050, ",,ACTIVE,"),
        (0.0040, "1.0,1.0,PRE-CREATE,Regularly"),
        (0.0040, ",,,NONE"),
        (0.0015, ",,PRE-CREATE,"),
        (0.0015, ",,,"),
        (0.0010, "1.0,1.0,,Regularly"),
        (0.0009, ",,LEFT CLUB,NONE"),
        (0.0006, "1.0,1.0,ACTIVE,Monthly"),
        (0.0004, ",,ACTIVE,None"),
    ];

    static readonly double[] ProfileShares = [.. Profiles.Select(profile => profile.Share)];

    static readonly byte[][] ProfileCells = [.. Profiles.Select(profile => Utf8Lines.Bytes(profile.Cells))];

    readonly byte[] ids;
    readonly int[] favourites;
    readonly Traits[] traits;
    readonly int seed;

    public HmSampleCustomers(int count, int seed)
    {
        this.seed = seed;
        ids = new byte[(long)count * IdBytes];
        favourites = new int[(long)count * FavouriteCount];
        traits = new Traits[count];
    }

    public int Count => traits.Length;

    /// <summary>Days on which the customer would buy, were there 23.2 rows per customer.</summary>
    public double VisitsOf(int customer) => traits[customer].Visits;

    public double OnlineOf(int customer) => traits[customer].Online;

    public int BandOf(int customer) => traits[customer].Band;

    public bool IsReader(int customer) => traits[customer].IsReader;

    /// <summary>The index that the customer buys from most.</summary>
    public int HomeOf(int customer) => traits[customer].Home;

    public ReadOnlySpan<byte> IdOf(int customer) => ids.AsSpan(customer * IdBytes, IdBytes);

    public int DrawFavourite(int customer, RandomStream random) => favourites[(customer * FavouriteCount) + random.NextInt(FavouriteCount)];

    /// <summary>Draws everybody and writes customers.csv, in the order of the ids.</summary>
    public void Write(string path, HmSampleOffers offers, HmSampleCalendar calendar, RandomStream random)
    {
        using var lines = new Utf8Lines(path);
        lines.Add("customer_id,FN,Active,club_member_status,fashion_news_frequency,age,postal_code\n"u8);
        Span<byte> postalCode = stackalloc byte[IdBytes];
        for (var customer = 0; customer < Count; customer++)
        {
            var profile = HmSampleChance.Category(ProfileShares, ProfileCells.Length, random);
            int? age = random.NextDouble() < AgeMissing ? null : (int)HmSampleChance.Quantile(Ages, random);
            DrawId(customer, random);
            DrawTraits(customer, HmSampleTaste.Band(age), ProfileCells[profile].AsSpan().EndsWith("Regularly"u8), offers, calendar, random);
            DrawPostalCode(postalCode, random);

            lines.AddHex(IdOf(customer));
            lines.Add(","u8);
            lines.Add(ProfileCells[profile]);
            lines.Add(","u8);
            if (age is { } years)
            {
                lines.AddNumber((ulong)years, 2);
                lines.Add(".0"u8);
            }

            lines.Add(","u8);
            lines.AddHex(postalCode);
            lines.Add("\n"u8);
        }
    }

    /// <summary>Looks like a digest and yet rises with the customer's number: each draws its first eight bytes from its own part of their range.</summary>
    void DrawId(int customer, RandomStream random)
    {
        var id = ids.AsSpan(customer * IdBytes, IdBytes);
        BinaryPrimitives.WriteUInt64BigEndian(id, (ulong)((((UInt128)customer << 64) + random.NextUInt64()) / (uint)Count));
        for (var offset = sizeof(ulong); offset < IdBytes; offset += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64BigEndian(id[offset..], random.NextUInt64());
        }
    }

    void DrawTraits(int customer, int band, bool isReader, HmSampleOffers offers, HmSampleCalendar calendar, RandomStream random)
    {
        var home = offers.DrawIndex(band, random);
        var visits = random.NextDouble() < Idle ? 0 : 1 + ((HmSampleChance.Quantile(Visits, random) - 1) * (isReader ? ReaderVisits : OtherVisits));
        traits[customer] = new Traits((float)visits, (float)HmSampleChance.Quantile(Online, random), (byte)band, (byte)home, isReader);
        for (var favourite = 0; favourite < FavouriteCount; favourite++)
        {
            favourites[(customer * FavouriteCount) + favourite] = offers.Draw(calendar.DrawDay(random), home, band, isReader, random);
        }
    }

    void DrawPostalCode(Span<byte> code, RandomStream random)
    {
        var number = random.NextDouble() < CommonPostalCode ? 0 : 1 + random.NextInt(1 + (int)(Count * PostalCodesPerCustomer));
        Span<byte> text = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(text, seed);
        BinaryPrimitives.WriteInt32BigEndian(text[sizeof(int)..], number);
        SHA256.HashData(text, code);
    }

    readonly record struct Traits(float Visits, float Online, byte Band, byte Home, bool IsReader);
}
