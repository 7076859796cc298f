namespace Pipeline.Features.Negatives;

/// <summary>The items of the other purchases of a batch. Drawn while training; what is written is how often each item occurs.</summary>
/// <remarks>
/// <code>Q(i) = c(i) / sum of all c(j)      c(i): how often the purchases to train on are of item i</code>
/// A batch is some of those purchases, so a place of it holds item i with chance Q(i), and the loss subtracts log Q(i) (Yi et al. 2019, "Sampling-bias-corrected
/// neural modeling for large corpus item recommendations"). What the user is known to have taken is left out by the loss.
/// </remarks>
public sealed class InBatchNegatives : INegativeSampler
{
    public NegativeKind Kind => NegativeKind.InBatch;

    public string Meaning => "The items of the other purchases in the batch: an item is as likely as it is frequent among the purchases to train on.";
}
