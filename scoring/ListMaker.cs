using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Makes users' lists from one model. Published lists and those that a report measures both come from here, so that the same user gets the same.</summary>
sealed class ListMaker : IDisposable
{
    readonly EncodedTable users, items;
    readonly ListOptions options;
    readonly Lazy<KnownItems> known;
    readonly Lazy<IReadOnlyList<long>> timesTaken;
    readonly Lazy<TopLists> popular;
    readonly ModelLists model;

    /// <param name="interactions">What was taken: asked for only where something is masked, or to count popularity for users of whom nothing is known.</param>
    public ListMaker(InputFolder model, EncodedTable users, EncodedTable items, ListOptions options, Func<InputFolder> interactions, int threads)
    {
        (this.users, this.items, this.options) = (users, items, options);
        known = new Lazy<KnownItems>(() => KnownItems.Read(interactions(), users.Count, items.Count));

        // By whom is asked for masks alone, and takes four times as long to find out.
        timesTaken = new Lazy<IReadOnlyList<long>>(() => options.MaskBought ? known.Value.TimesTaken : KnownItems.CountTaken(interactions(), items.Count));
        popular = new Lazy<TopLists>(() => TopLists.Of(1, items.Count, ModelLength, (_, scores) => CountsAsScores(scores), threads: 1));
        this.model = new ModelLists(model, items, threads);
    }

    // What is masked leaves a gap; so much further down its replacement lies at most.
    int ModelLength => options.Length + (options.MaskBought ? known.Value.Most : 0);

    /// <param name="rows">Rows of the encoded users; may repeat.</param>
    /// <param name="alike">Who of them looks alike.</param>
    public GivenLists Of(int[] rows, DistinctRows alike, int threads) =>
        new(model.Of(users, alike.Rows, ModelLength, threads), rows, alike.GroupOf, Math.Min(options.Length, items.Count))
        {
            Popular = Array.Exists(rows, row => users.HasFeatures?[row] == false) ? popular.Value : null,
            HasFeatures = users.HasFeatures,
            Masked = options.MaskBought ? known.Value : null,
        };

    public void Dispose() => model.Dispose();

    /// <param name="interactions">Null where the data have none: then every user has features and nothing can be masked.</param>
    /// <param name="seed">Null where they are the same for all seeds.</param>
    public static InputFolder FindTaken(StageContext context, Artifact? interactions, int? seed) => interactions is null
        ? throw new PipelineException(ExitCode.Bug, $"{FeatureArtifacts.Users.Folder} has users without features, but no interactions are known to count popularity from.")
        : seed is { } one ? context.Input(interactions, one) : context.Input(interactions);

    void CountsAsScores(Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = timesTaken.Value[item];
        }
    }
}
