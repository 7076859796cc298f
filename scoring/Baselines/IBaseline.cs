namespace Pipeline.Scoring.Baselines;

/// <summary>A list that needs no model: what every tower has to beat, or cannot.</summary>
public interface IBaseline
{
    /// <summary>Name of the list in folders and reports: "popularity".</summary>
    string Id { get; }

    /// <summary>One sentence for the reader of a report.</summary>
    string Meaning { get; }

    /// <summary>Scores every item for one test user; the list is the items by score, ties by item order.</summary>
    /// <param name="scores">[items], overwritten.</param>
    void Score(BaselineData data, int testUser, Span<float> scores);
}
