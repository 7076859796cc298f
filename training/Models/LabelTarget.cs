namespace Pipeline.Models;

/// <summary>How a label of the training pairs becomes the number that the score should be.</summary>
public enum LabelTarget
{
    /// <summary>1 for a label above 0, else 0.</summary>
    Liked,

    /// <summary>The label itself: -1, 0 or 1.</summary>
    Sentiment,
}
