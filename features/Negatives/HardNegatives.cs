using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>What an earlier model recommended to the user, who did not take it.</summary>
/// <remarks>
/// <code>P(i | u) = 1 / |L(u) without K(u)| for i in L(u) and not in K(u), else 0      L(u): the earlier list</code>
/// If L(u) holds nothing else than K(u), or there is no list, uniform over all items not in K(u).
/// </remarks>
public sealed class HardNegatives : IDrawnNegatives
{
    static readonly UniformNegatives Uniform = new();

    public NegativeKind Kind => NegativeKind.Hard;

    public string Meaning =>
        "Every item of the list that an earlier model gave the user, and that the user never took, is equally likely; where there is none, every item never taken is.";

    public int Draw(NegativeData data, int user, RandomStream random, NegativeTally tally)
    {
        var left = 0;
        foreach (var item in data.List(user))
        {
            left += data.History.Knows(user, item) ? 0 : 1;
        }

        if (left == 0)
        {
            var uniform = Uniform.Draw(data, user, random, tally);
            tally.Fallbacks += uniform >= 0 ? 1 : 0;
            return uniform;
        }

        tally.Draws++;
        var chosen = random.NextInt(left);
        foreach (var item in data.List(user))
        {
            if (!data.History.Knows(user, item) && chosen-- == 0)
            {
                return item;
            }
        }

        throw new InvalidOperationException("An item that was counted is gone.");
    }
}
