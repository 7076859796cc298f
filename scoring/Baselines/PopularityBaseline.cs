namespace Pipeline.Scoring.Baselines;

/// <summary>The same list for everyone: items by their number of positive labels in the training pairs. The list every model has to beat.</summary>
public sealed class PopularityBaseline : IBaseline
{
    public string Id => "popularity";

    public string Meaning => "Every user gets the same list: items by their number of likes in the training pairs, ties by item order.";

    public void Score(BaselineData data, int testUser, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = data.Likes[item];
        }
    }
}
