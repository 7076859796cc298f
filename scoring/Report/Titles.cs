using Pipeline.Scoring.Baselines;

namespace Pipeline.Scoring.Report;

/// <summary>Names of lists for people.</summary>
static class Titles
{
    public const string Popularity = "popularity", Oracle = "oracle";

    static readonly IReadOnlyList<string> Baselines = [.. AllBaselines.Of(new BaselineOptions()).Select(baseline => baseline.Id)];

    /// <returns>"FT-Mamba"; the name itself where there is no better one.</returns>
    public static string Of(string list) => list switch
    {
        "mamba" => "FT-Mamba",
        "transformer" => "FT-Transformer",
        _ when Baselines.Contains(list) => char.ToUpperInvariant(list[0]) + list[1..].Replace('-', ' '),
        _ => list,
    };

    /// <summary>A list's name inside a sentence: "recent popularity".</summary>
    public static string Within(string list) => Baselines.Contains(list) ? list.Replace('-', ' ') : Of(list);

    /// <summary>Class of the style sheet for a list's colour and dash.</summary>
    public static string StyleOf(string list) => list is "mamba" or "transformer" or "random" or Popularity or Oracle ? list : "other";
}
