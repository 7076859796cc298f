namespace Pipeline.Scoring;

/// <summary>Where a published list comes from.</summary>
public enum ListSource
{
    /// <summary>The scores of a model.</summary>
    Model,

    /// <summary>How often items were taken: for a user of whom a model knows nothing.</summary>
    Popularity,
}
