using Pipeline.Features;

namespace Pipeline.Scoring;

/// <summary>
/// What every user of a stretch of the population is given: the list of all who look alike to a model or, where nothing is known of a user, the
/// most popular items; without what the user took before, if that is masked.
/// </summary>
/// <param name="Model">As long as asked for and, if anything is masked, longer by the most items of one user: then nothing is missing below.</param>
/// <param name="First">The first user that has a list here.</param>
/// <param name="ListOf">By user, from the first on: the list of <paramref name="Model"/>.</param>
/// <param name="Popular">One list, as long; null if every user has features.</param>
/// <param name="Masked">What to leave out; null for nothing.</param>
/// <param name="Length">Items of a list. A user who took nearly all of the catalogue has fewer, one who took all of it none.</param>
sealed record PopulationLists(TopLists Model, int First, int[] ListOf, TopLists? Popular, bool[]? HasFeatures, KnownItems? Masked, int Length)
{
    public ListSource SourceOf(int user) => HasFeatures?[user] ?? true ? ListSource.Model : ListSource.Popularity;

    /// <param name="items">At least <see cref="Length"/>: overwritten, best first.</param>
    /// <param name="scores">As items.</param>
    /// <returns>How many there are.</returns>
    public int Fill(int user, Span<int> items, Span<float> scores)
    {
        var known = Masked is null ? [] : Masked.Of(user);
        return SourceOf(user) == ListSource.Model
            ? Model.CopyWithout(known, ListOf[user - First], items[..Length], scores[..Length])
            : Popular!.CopyWithout(known, 0, items[..Length], scores[..Length]);
    }
}
