namespace Pipeline.Ingest.Datasets;

/// <summary>Made-up words in the columns of articles.csv, as many different ones as the real file has.</summary>
static class HmSampleWords
{
    static readonly string[] Syllables =
    [
        "ba", "bel", "bri", "ca", "cor", "da", "del", "do", "el", "fa", "fen", "fi", "ga", "gre", "ha", "hol", "in", "ja",
        "ka", "kir", "la", "lin", "lo", "ma", "mi", "na", "no", "ol", "pa", "ri", "ro", "sa", "sel", "ta", "ti", "vo",
    ];

    static readonly string[] Variants = ["", " wide", " slim", " long", " short", " set", " other"];

    static readonly string[] Colours =
    [
        "Black", "Dark Blue", "White", "Light Pink", "Grey", "Blue", "Red", "Beige", "Green", "Light Blue",
        "Yellow", "Brown", "Orange", "Purple", "Turquoise", "Khaki", "Silver", "Gold", "Mole", "Unknown",
    ];

    static readonly string[] Shades = ["Dark", "Dusty light", "Light", "Medium dusty", "Bright", "Medium", "Undefined", "Unknown"];

    static readonly string[] Patterns =
        ["Solid", "All over", "Melange", "Stripe", "Denim", "Front print", "Placement", "Check", "Lace", "Embroidery", "Jacquard", "Dots", "Mixed", "Glitter", "Sequin"];

    static readonly string[] Bodies =
    [
        "Upper body", "Lower body", "Full body", "Accessories", "Underwear", "Shoes", "Swimwear", "Socks and tights", "Nightwear", "Bags",
        "Cosmetics", "Furniture", "Garment and shoe care", "Interior textile", "Items", "Stationery", "Fun", "Underwear and nightwear", "Unknown",
    ];

    public static string Body(int body) => Bodies[body];

    public static string Shade(int shade) => Shades[shade];

    /// <param name="colour">0 .. 19</param>
    public static string MasterColour(int colour) => Colours[colour];

    /// <param name="colour">0 .. 49: the twenty plain ones, then the same in other shades.</param>
    public static string Colour(int colour) => colour < Colours.Length ? Colours[colour] : $"{(colour < 2 * Colours.Length ? "Other" : "Greyish")} {Colours[colour % Colours.Length]}";

    /// <param name="pattern">0 .. 29</param>
    public static string Pattern(int pattern) => pattern < Patterns.Length ? Patterns[pattern] : $"{Patterns[pattern - Patterns.Length]} mix";

    public static string Type(HmSampleGarment garment, int variant) => garment.Noun + Variants[variant];

    /// <summary>Another name for every number: a made-up word and what it is called, as in "Malo dress slim". A few have letters beyond ASCII, as the real ones do.</summary>
    public static string Name(int number, string type)
    {
        // Multiplied by a number without a common factor, so that neighbours do not sound alike.
        const int ThreeSyllables = 36 * 36 * 36;
        var (word, left) = ("", (int)(number % ThreeSyllables * 17_011L % ThreeSyllables));
        for (var syllable = 0; syllable < 3; syllable++)
        {
            word += Syllables[left % Syllables.Length];
            left /= Syllables.Length;
        }

        var round = number / ThreeSyllables;
        return $"{char.ToUpperInvariant(word[0])}{word[1..]}{(number % 600 == 0 ? "é" : "")}{(round > 0 ? $" {round + 1}" : "")} {type.ToLowerInvariant()}";
    }
}
