namespace Pipeline.Features;

/// <summary>How an age enters.</summary>
public enum AgeScale
{
    /// <summary>Minus the mean of the known ages, divided by their standard deviation.</summary>
    Standardised,

    Years,
}
