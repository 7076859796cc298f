namespace Pipeline.Scoring.Baselines;

/// <summary>A list that needs no model: what every tower has to beat, or cannot.</summary>
public interface IBaseline
{
    /// <summary>Name of the list in folders and reports: "popularity".</summary>
    string Id { get; }

    /// <summary>One sentence for the reader of a report.</summary>
    string Meaning { get; }

    /// <summary>True if it must know who took what, and when: a dataset without a history cannot have it.</summary>
    bool NeedsHistory => false;

    /// <summary>What may be set about it, as a part of the fingerprint of its lists; null where nothing may.</summary>
    object? Options => null;

    /// <summary>Looks at the data of one seed, once.</summary>
    /// <returns>Scores every item for a test user, from several threads; the list is the items by score, ties by item order.</returns>
    TopLists.ItemScorer Scorer(BaselineData data);
}
