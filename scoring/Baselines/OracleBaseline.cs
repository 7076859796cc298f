namespace Pipeline.Scoring.Baselines;

/// <summary>Each test user's relevant items first: the ceiling, which is below 1 wherever a user has fewer relevant items than places.</summary>
public sealed class OracleBaseline : IBaseline
{
    public string Id => "oracle";

    public string Meaning => "Every user gets the items that user likes first: no list can be better, so it is the ceiling.";

    public TopLists.ItemScorer Scorer(BaselineData data) => (testUser, scores) =>
    {
        scores.Clear();
        foreach (var item in data.Test.Relevant[testUser])
        {
            scores[item] = 1;
        }
    };
}
