namespace Pipeline.Scoring.Baselines;

/// <summary>A random order for each test user: what knowing nothing is worth.</summary>
public sealed class RandomBaseline : IBaseline
{
    public string Id => "random";

    public string Meaning => "Every user gets a random order of the items: what knowing nothing is worth.";

    public TopLists.ItemScorer Scorer(BaselineData data) => (testUser, scores) =>
    {
        // Places are shuffled, not scores drawn: two equal draws would favour the earlier item.
        var places = new int[scores.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        data.Random((uint)testUser).Shuffle(places.AsSpan());
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = (float)(scores.Length - places[item]) / scores.Length;
        }
    };
}
