namespace Pipeline.Features.Negatives;

/// <summary>The items of the other purchases of a batch, and items drawn uniformly beside them. Drawn while training; what is written is how often each occurs.</summary>
/// <remarks>
/// <code>Q(i) = (B c(i) / sum of all c(j) + M / N) / (B + M)      B purchases and M uniform items a batch, N items in all</code>
/// Source: Yang et al. 2020, "Mixed negative sampling for learning two-tower neural networks in recommendations". What a user is known to have taken is left out by the loss.
/// </remarks>
public sealed class MixedNegatives : INegativeSampler
{
    public NegativeKind Kind => NegativeKind.Mixed;

    public string Meaning => "The items of the other purchases in the batch, as likely as their numbers of purchases, and beside them items that are all equally likely.";
}
