using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>What every dataset's feature stages write, and all that training and scoring read.</summary>
public static class FeatureArtifacts
{
    /// <summary>An <see cref="EncodedTable"/>: every user once.</summary>
    public static readonly Artifact Users = new("encoded users", "2-features/users");

    /// <summary>An <see cref="EncodedTable"/>: every item once.</summary>
    public static readonly Artifact Items = new("encoded items", "2-features/items");

    /// <summary><see cref="Pairs"/>, one epoch in the order of training.</summary>
    public static readonly Artifact Train = new("training pairs", "2-features/train");

    /// <summary><see cref="Pairs"/> for the loss through training.</summary>
    public static readonly Artifact Validation = new("validation pairs", "2-features/validation");

    /// <summary><see cref="TestUsers"/>.</summary>
    public static readonly Artifact Test = new("test users", "2-features/test");
}
