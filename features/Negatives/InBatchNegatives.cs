namespace Pipeline.Features.Negatives;

/// <summary>The items of the other purchases of a batch. Drawn while training; what is written is how often each item occurs.</summary>
/// <remarks>
/// <code>Q(i) = c(i) / sum of all c(j)      c(i): purchases that training may know</code>
/// Purchases are drawn uniformly, so a place of the batch holds item i with chance Q(i); the loss subtracts log Q(i) (Bengio and Senécal 2008; Yi et al. 2019).
/// What a user is known to have taken is left out by the loss.
/// </remarks>
public sealed class InBatchNegatives : INegativeSampler
{
    public NegativeKind Kind => NegativeKind.InBatch;

    public string Meaning => "The items of the other purchases in the batch: an item is as likely as its number of purchases.";
}
