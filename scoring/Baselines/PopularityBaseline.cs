namespace Pipeline.Scoring.Baselines;

/// <summary>The same list for everyone: items by how often they were taken. The list every model has to beat.</summary>
public sealed class PopularityBaseline : IBaseline
{
    public string Id => "popularity";

    public string Meaning => "Every user gets the same list: items by how often they are liked or taken in what training may know, ties by item order.";

    public TopLists.ItemScorer Scorer(BaselineData data) => (_, scores) =>
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = data.Taken[item];
        }
    };
}
