using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives every user of the population a list from the first seed's model of one tower, or from popularity: what `publish` puts in use.</summary>
public sealed class ExportStage : IStage
{
    readonly string tower;
    readonly ListOptions options;
    readonly Artifact model, lists;
    readonly Artifact? interactions;

    /// <param name="tower">"mamba" or "transformer".</param>
    /// <param name="interactions">An <see cref="Interactions"/> table: what may be masked, and what popularity is counted from. Null where the data have none.</param>
    /// <exception cref="ArgumentException">Bought items are to be masked, but nothing is known of them.</exception>
    public ExportStage(string tower, ListOptions options, Artifact? interactions = null)
    {
        if (options.MaskBought && interactions is null)
        {
            throw new ArgumentException("Bought items can be masked only where the data have interactions.", nameof(interactions));
        }

        (this.tower, this.options, this.interactions) = (tower, options, interactions);
        (model, lists) = (ModelArtifacts.Of(tower), ScoringArtifacts.Export(tower));
    }

    public string Name => $"export/{tower}";

    public int Version => 4;

    public object Options => options;

    public SeedScope Seeds => SeedScope.First;

    public IReadOnlyList<Artifact> Reads => [model, FeatureArtifacts.Users, FeatureArtifacts.Items, .. interactions is null ? [] : new[] { interactions }];

    public IReadOnlyList<Artifact> Writes => [lists];

    public async Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        var distinct = DistinctRows.Of(users, [.. Enumerable.Range(0, users.Count)]);
        var given = Lists(context, users, items, distinct);
        var output = context.Output(lists);
        await WritePartsAsync(context, output, users, items, given, cancellation);
        if (options.Submission)
        {
            SubmissionFile.Write(output, users, items, given);
        }

        output.Facts["users"] = users.Count;
        output.Facts["usersByPopularity"] = given.CountByPopularity;
        output.Facts["distinctRows"] = distinct.Rows.Length;
        output.Facts["dedupeFactor"] = distinct.Factor;
        context.Log($"{tower}: {users.Count} users, {distinct.Rows.Length} distinct rows, {given.CountByPopularity} users by popularity");
    }

    PopulationLists Lists(StageContext context, EncodedTable users, EncodedTable items, DistinctRows distinct)
    {
        var needsPopularity = users.HasFeatures?.Contains(false) ?? false;
        var known = !options.MaskBought && !needsPopularity ? null : interactions is null
            ? throw new PipelineException(ExitCode.Bug, $"{FeatureArtifacts.Users.Folder} has users without features, but {Name} knows no interactions to count popularity from.")
            : KnownItems.Read(context.Input(interactions), users.Count, items.Count);

        // What is masked leaves a gap; so much further down its replacement lies at most.
        var masked = options.MaskBought ? known : null;
        var length = options.Length + (masked?.Most ?? 0);
        var top = ModelLists.Of(context.Input(model), users, distinct.Rows, items, length, context.Threads);
        var check = new ListCheck(items.Ids);
        for (var list = 0; list < top.Count; list++)
        {
            if (check.Fault(top.Items(list), top.Scores(list)) is { } fault)
            {
                throw ListCheck.Failed($"{lists.Folder}: the list of user '{users.Ids[distinct.Rows[list]]}'", fault);
            }
        }

        var popular = needsPopularity ? TopLists.Of(1, items.Count, length, (_, scores) => CountsAsScores(known!, scores), threads: 1) : null;
        return new PopulationLists(top, distinct.GroupOf, popular, users.HasFeatures, masked, Math.Min(options.Length, items.Count));
    }

    async Task WritePartsAsync(
        StageContext context, OutputFolder output, EncodedTable users, EncodedTable items, PopulationLists given, CancellationToken cancellation)
    {
        var rows = new long[(users.Count + options.UsersPerPart - 1) / options.UsersPerPart];
        var (done, gate) = (0L, new Lock());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = cancellation };
        await Parallel.ForAsync(0, rows.Length, parallel, (part, _) =>
        {
            var start = part * options.UsersPerPart;
            var count = Math.Min(options.UsersPerPart, users.Count - start);
            rows[part] = UserLists.WritePart(output, part, users, start, count, items, given);
            lock (gate)
            {
                context.Progress(done += count, users.Count, "users");
            }

            return ValueTask.CompletedTask;
        });
        for (var part = 0; part < rows.Length; part++)
        {
            output.AddTable(UserLists.PartName(part), UserLists.Schema.ToManifest(), rows[part]);
        }
    }

    static void CountsAsScores(KnownItems known, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = known.TimesTaken[item];
        }
    }
}
