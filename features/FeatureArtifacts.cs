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

    /// <summary>An <see cref="Interactions"/> table: everything that happened, in the order of the raw file, items outside the catalogue too.</summary>
    public static readonly Artifact Interactions = new("interactions", "2-features/interactions");

    /// <summary>An <see cref="Interactions"/> table: what training may know, within the catalogue, by user, day and item.</summary>
    public static readonly Artifact History = new("history that training may know", "2-features/history");

    /// <summary><see cref="Pairs"/> of things taken, in the order of training, before negatives are mixed in.</summary>
    public static readonly Artifact Positives = new("positive pairs", "2-features/positives");

    /// <summary><see cref="Pairs"/> of things taken, for the loss through training.</summary>
    public static readonly Artifact ValidationPositives = new("positive validation pairs", "2-features/validation-positives");

    /// <summary>Items that users did not take, or how often items are drawn as such.</summary>
    public static readonly Artifact Negatives = new("negatives", "2-features/negatives");
}
