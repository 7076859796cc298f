using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Made-up ids, titles and artists. Some titles have commas, quotes or letters beyond ASCII, as the real ones do.</summary>
static class SpotifySampleWords
{
    const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    const int IdLength = 22;

    static readonly string[] Qualities =
        ["Amber", "Borrowed", "Crooked", "Distant", "Electric", "Faded", "Golden", "Hollow", "Idle", "Lucky", "Midnight", "Paper", "Quiet", "Restless", "Velvet", "Wild"];

    static readonly string[] Things =
        ["Antenna", "Balcony", "Compass", "Daydream", "Elevator", "Firefly", "Garden", "Harbour", "Lantern", "Mirror", "Orchard", "Postcard", "Río", "Satellite", "Tide", "Weekend"];

    static readonly string[] FirstNames =
        ["Ada", "Benno", "Carla", "Dov", "Eske", "Farid", "Greta", "Hana", "Ivo", "Juna", "Kofi", "Lior", "Mira", "Nils", "Oda", "Zoé"];

    static readonly string[] LastNames =
        ["Ashdown", "Bellweather", "Corvino", "Dunmore", "Eklund", "Farrow", "Greaves", "Holloway", "Ibarra", "Kestrel", "Lindqvist", "Marlowe", "Okafor", "Pembrook", "Sorel", "Vance"];

    /// <summary>22 letters and digits, as a track id of Spotify has.</summary>
    public static string Id(RandomStream random) =>
        string.Create(IdLength, random, static (id, random) =>
        {
            for (var i = 0; i < id.Length; i++)
            {
                id[i] = Base62[random.NextInt(Base62.Length)];
            }
        });

    public static string Title(RandomStream random)
    {
        var title = $"{Pick(Qualities, random)} {Pick(Things, random)}";
        return random.NextInt(8) switch
        {
            0 => $"{title} (feat. {Artist(random)})",
            1 => $"{title}, Pt. {1 + random.NextInt(3)}",
            2 => $"{title} [From \"The {Pick(Things, random)}\"]",
            _ => title,
        };
    }

    public static string Artist(RandomStream random) =>
        random.NextInt(4) == 0 ? $"The {Pick(Qualities, random)} {Pick(Things, random)}" : $"{Pick(FirstNames, random)} {Pick(LastNames, random)}";

    static string Pick(string[] words, RandomStream random) => words[random.NextInt(words.Length)];
}
