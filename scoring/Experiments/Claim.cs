namespace Pipeline.Scoring.Experiments;

public enum Verdict
{
    Holds,
    DoesNotHold,
    CannotBeTold,
}

/// <summary>Something the paper says, and what these runs say of it.</summary>
/// <param name="Text">The claim: "FT-Mamba is at least as good as FT-Transformer on Spotify".</param>
/// <param name="Sentence">Why, with the numbers.</param>
public sealed record Claim(string Text, Verdict Verdict, string Sentence)
{
    /// <summary>The verdict in words.</summary>
    public static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.DoesNotHold => "does not hold",
        _ => "cannot be told",
    };
}
