using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>How the tracks of one generated playlist sound on average, as a listener would guess it.</summary>
/// <param name="Tracks">Length of the playlist.</param>
/// <param name="Instrumental">Share of the tracks without a voice.</param>
/// <param name="Decibels">Mean loudness, -60 to 0.</param>
/// <param name="Major">Share of the tracks in a major key.</param>
/// <param name="Beats">Mean tempo, beats per minute.</param>
sealed record SpotifySampleGenre(
    string Name,
    int Tracks,
    double Acousticness,
    double Danceability,
    double Energy,
    double Instrumental,
    double Liveness,
    double Decibels,
    double Major,
    double Speechiness,
    double Beats,
    double Valence)
{
    /// <summary>In ordinal order of their names. The numbers are guesses; only their spread is chosen, such that users differ and like about 14 of 50 songs.</summary>
    public static IReadOnlyList<SpotifySampleGenre> Genres { get; } =
    [
        new("acoustic", 100, 0.70, 0.55, 0.35, 0.05, 0.15, -12, 0.85, 0.04, 115, 0.50),
        new("alternative", 100, 0.10, 0.50, 0.75, 0.10, 0.20, -6, 0.65, 0.06, 130, 0.50),
        new("ambient", 100, 0.90, 0.20, 0.10, 0.95, 0.10, -25, 0.60, 0.04, 90, 0.10),
        new("blues", 70, 0.50, 0.55, 0.45, 0.10, 0.20, -11, 0.70, 0.05, 120, 0.65),
        new("chill", 100, 0.55, 0.60, 0.40, 0.05, 0.15, -9, 0.75, 0.06, 110, 0.40),
        new("classical", 100, 0.95, 0.25, 0.10, 0.90, 0.10, -23, 0.65, 0.04, 100, 0.15),
        new("country", 100, 0.25, 0.60, 0.65, 0.00, 0.15, -7, 0.95, 0.04, 130, 0.65),
        new("electro", 75, 0.10, 0.70, 0.80, 0.40, 0.20, -5, 0.50, 0.08, 130, 0.45),
        new("folk", 100, 0.70, 0.50, 0.35, 0.05, 0.15, -12, 0.90, 0.04, 115, 0.45),
        new("gospel", 100, 0.30, 0.50, 0.65, 0.00, 0.25, -7, 0.85, 0.06, 120, 0.45),
        new("hiphop", 100, 0.15, 0.75, 0.65, 0.00, 0.20, -7, 0.50, 0.25, 125, 0.50),
        new("instrumental", 100, 0.95, 0.40, 0.10, 1.00, 0.10, -24, 0.80, 0.04, 105, 0.25),
        new("jazz", 100, 0.60, 0.50, 0.40, 0.60, 0.15, -13, 0.45, 0.06, 115, 0.50),
        new("kpop", 100, 0.10, 0.70, 0.85, 0.00, 0.20, -4, 0.50, 0.08, 120, 0.70),
        new("metal", 100, 0.05, 0.40, 0.90, 0.10, 0.20, -5, 0.55, 0.10, 125, 0.30),
        new("pop", 100, 0.25, 0.65, 0.65, 0.05, 0.15, -6, 0.60, 0.08, 120, 0.55),
        new("punk", 100, 0.05, 0.45, 0.90, 0.00, 0.25, -5, 0.75, 0.08, 150, 0.60),
        new("rnb", 100, 0.35, 0.65, 0.55, 0.05, 0.15, -8, 0.35, 0.10, 115, 0.45),
        new("rock", 100, 0.10, 0.50, 0.80, 0.05, 0.20, -7, 0.75, 0.06, 125, 0.55),
        new("soul", 100, 0.45, 0.60, 0.50, 0.00, 0.15, -9, 0.70, 0.06, 110, 0.75),
    ];

    public static SpotifySampleGenre Charts { get; } = new(SpotifyFiles.Top50, 50, 0.30, 0.65, 0.65, 0.05, 0.20, -6, 0.50, 0.10, 120, 0.55);

    /// <summary>The features of one track, in the order of <see cref="SpotifyFiles.Features"/>, scaled as the real files scale them.</summary>
    /// <remarks>Only sums, products and roundings: no function whose last bit differs between machines.</remarks>
    public double[] Draw(RandomStream random) =>
    [
        Rounded(Bell(random, Acousticness, 0.70)),
        Rounded(Bell(random, Danceability, 0.22)),
        Rounded(Bell(random, Energy, 0.30)),
        Instrumentalness(random),
        Rounded(Skewed(random, 0.03, Liveness)),
        1 - (Math.Round(Math.Abs(Decibels + (3.5 * Centred(random))) * 1000) / 1000 / 60),
        random.NextDouble() < Major ? 1 : 0,
        Rounded(Skewed(random, 0.024, Speechiness)),
        Math.Round((Beats + (45 * Centred(random))) * 1000) / 1000 / 200,
        Rounded(Bell(random, Valence, 0.38)),
    ];

    /// <summary>As the real files print a number: the shortest text that reads back as the same double, always with a point or an exponent.</summary>
    public static string Format(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    /// <summary>Sum of four uniform numbers, centred: bell-shaped in -2 .. 2, standard deviation 0.577.</summary>
    static double Centred(RandomStream random) =>
        random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2;

    /// <summary>Bell-shaped around a mean, narrower near 0 and 1 and folded back there, so that values do not pile up.</summary>
    static double Bell(RandomStream random, double mean, double width)
    {
        var value = Math.Abs(mean + (width * 4 * mean * (1 - mean) * Centred(random)));
        return value > 1 ? 2 - value : value;
    }

    /// <summary>Above a floor, with a long tail upwards: a product of two uniform numbers.</summary>
    static double Skewed(RandomStream random, double floor, double mean) =>
        floor + ((mean - floor) * 4 * random.NextDouble() * random.NextDouble());

    /// <summary>A voice or none: 0.7 to 1 without; with one, nothing or a few millionths to thousandths.</summary>
    double Instrumentalness(RandomStream random)
    {
        if (random.NextDouble() < Instrumental)
        {
            return Rounded(0.7 + (0.3 * random.NextDouble()));
        }

        var digits = 100 + random.NextInt(900);
        double[] scales = [1e5, 1e6, 1e7, 1e8];
        return random.NextInt(2) == 0 ? 0 : digits / scales[random.NextInt(scales.Length)];
    }

    /// <summary>Three significant digits, as the real files have them, exactly the double nearest to that decimal.</summary>
    static double Rounded(double value)
    {
        var scale = 1000.0;
        while (value * scale < 100 && scale < 1e8)
        {
            scale *= 10;
        }

        return Math.Round(value * scale) / scale;
    }
}
