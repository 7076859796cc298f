using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>Every item that the user did not take is equally likely.</summary>
/// <remarks>
/// <code>P(i | u) = 1 / (N - |K(u)|) for i not in K(u), else 0      K(u): what u is known to have taken; N items</code>
/// Source: Starnes and Webster, sec. III: "per purchase one item that this user never bought".
/// </remarks>
public sealed class UniformNegatives : IDrawnNegatives
{
    public NegativeKind Kind => NegativeKind.Uniform;

    public string Meaning => "Every item that the user never took is equally likely.";

    public int Draw(NegativeData data, int user, RandomStream random, NegativeTally tally) => data.Uniform.DrawUnknown(data.History, user, random, tally);
}
