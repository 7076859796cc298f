using Pipeline.Features;

namespace Pipeline.Scoring;

/// <summary>
/// What some users are given: the list of all who look alike to a model or, where nothing is known of a user, the most popular items;
/// without what the user took before, if that is masked.
/// </summary>
/// <param name="Model">As long as asked for and, if anything is masked, longer by the most items of one user: then nothing is missing below.</param>
/// <param name="Users">Rows of the encoded users; may repeat. A user's position here is its place.</param>
/// <param name="ListOf">By place: the list of <paramref name="Model"/>.</param>
/// <param name="Length">Items of a list. A user who took nearly all of the catalogue has fewer, one who took all of it none.</param>
sealed record GivenLists(TopLists Model, int[] Users, int[] ListOf, int Length)
{
    /// <summary>One list, as long as those of the model; null if each of these users has features.</summary>
    public TopLists? Popular { get; init; }

    /// <summary>By row of the encoded users; null if all have features.</summary>
    public bool[]? HasFeatures { get; init; }

    /// <summary>What to leave out; null for nothing.</summary>
    public KnownItems? Masked { get; init; }

    public int Count => Users.Length;

    public ListSource SourceOf(int place) => HasFeatures?[Users[place]] ?? true ? ListSource.Model : ListSource.Popularity;

    /// <summary>Why the model is dead, judged by its lists for these users before anything is left out of them, which would hide that all are the same.</summary>
    /// <param name="length">Entries to look at.</param>
    /// <returns>Null if it lives.</returns>
    public string? CauseOfDeath(int length)
    {
        var (health, seen) = (new RunHealth(), Math.Min(length, Model.Length));
        foreach (var list in Enumerable.Range(0, Count).Where(place => SourceOf(place) == ListSource.Model).Select(place => ListOf[place]).Distinct())
        {
            health.Add(Model.Items(list)[..seen], Model.Scores(list)[..seen]);
        }

        return health.CauseOfDeath;
    }

    /// <param name="items">At least <see cref="Length"/>: overwritten, best first.</param>
    /// <param name="scores">As items.</param>
    /// <returns>How many there are.</returns>
    public int Fill(int place, Span<int> items, Span<float> scores)
    {
        var known = Masked is null ? [] : Masked.Of(Users[place]);
        return SourceOf(place) == ListSource.Model
            ? Model.CopyWithout(known, ListOf[place], items[..Length], scores[..Length])
            : Popular!.CopyWithout(known, 0, items[..Length], scores[..Length]);
    }
}
