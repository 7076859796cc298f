using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>Which items stand for what a user did not take. Stateless.</summary>
public interface INegativeSampler
{
    NegativeKind Kind { get; }

    /// <summary>The distribution, as one sentence.</summary>
    string Meaning { get; }
}

/// <summary>One whose negatives are drawn before training, one for each purchase. The others are drawn while training, by how often items occur.</summary>
public interface IDrawnNegatives : INegativeSampler
{
    /// <returns>An item that the user is not known to have taken; -1 if there is none.</returns>
    int Draw(NegativeData data, int user, RandomStream random, NegativeTally tally);
}

/// <summary>What happened while negatives were drawn.</summary>
public sealed class NegativeTally
{
    /// <summary>Items drawn, the refused ones too.</summary>
    public long Draws { get; set; }

    /// <summary>Draws refused since the user took the item.</summary>
    public long Collisions { get; set; }

    /// <summary>Negatives that came from the uniform distribution, since the strategy's own had none for the user.</summary>
    public long Fallbacks { get; set; }
}
