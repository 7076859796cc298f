using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>Items that many took stand more often for what this user did not take.</summary>
/// <remarks>
/// <code>P(i | u) = c(i)^alpha / sum over j not in K(u) of c(j)^alpha for i not in K(u), else 0      c(i): purchases that training may know</code>
/// Source of the power: Mikolov et al. 2013, "Distributed representations of words and phrases and their compositionality", sec. 2.2. If nothing but
/// items that nobody bought is left, uniform.
/// </remarks>
public sealed class PopularityNegatives : IDrawnNegatives
{
    static readonly UniformNegatives Uniform = new();

    public NegativeKind Kind => NegativeKind.Popularity;

    public string Meaning => "An item that the user never took is as likely as its number of purchases to the power alpha.";

    public int Draw(NegativeData data, int user, RandomStream random, NegativeTally tally)
    {
        var item = data.Popular.DrawUnknown(data.History, user, random, tally);
        if (item >= 0)
        {
            return item;
        }

        item = Uniform.Draw(data, user, random, tally);
        tally.Fallbacks += item >= 0 ? 1 : 0;
        return item;
    }
}
