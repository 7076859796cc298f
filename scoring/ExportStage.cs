using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives every user of the population a list from the first seed's model of one tower, or from popularity: what `publish` puts in use.</summary>
public sealed class ExportStage : IShardedStage
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

    /// <summary>Of a user an id, which hardly shrinks, and so many bytes an entry; an item's id in submission.csv is taken to have ten letters.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        const int BytesOfEntry = 6, BytesOfPrediction = 11;
        var users = inputs.Of(FeatureArtifacts.Users);
        var length = Math.Min(options.Length, inputs.Of(FeatureArtifacts.Items).Rows);
        var lists = users.BytesPerRow + (length * BytesOfEntry);
        var submission = options.Submission ? users.BytesPerRow + (length * BytesOfPrediction) : 0;
        return [DataSize.Of((users.Rows * (lists + submission)) + 2_000, users.Rows * length)];
    }

    public IReadOnlyList<string> JoinedFiles => [SubmissionFile.Name];

    /// <summary>A piece is a part of the table: so many users, whoever makes it.</summary>
    public int CountPieces(StageContext context) => PartsOf((int)context.Input(FeatureArtifacts.Users).Manifest.Rows!.Value);

    public IShardMaker Open(StageContext context) => new ExportMaker(this, context);

    public async Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        using var maker = new ExportMaker(this, context);
        await maker.MakeAsync(context, 0, PartsOf(maker.Users), cancellation);
        context.Log($"{tower}: {maker.Describe()}");
    }

    int PartsOf(int users) => (users + options.UsersPerPart - 1) / options.UsersPerPart;

    /// <summary>What all parts need: who the users are and who looks alike, the embedded items, what is masked.</summary>
    sealed class ExportMaker : IShardMaker
    {
        readonly ExportStage stage;
        readonly EncodedTable users, items;
        readonly DistinctRows distinct;
        readonly ListMaker lists;

        public ExportMaker(ExportStage stage, StageContext context)
        {
            this.stage = stage;
            users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
            items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
            distinct = DistinctRows.Of(users, [.. Enumerable.Range(0, users.Count)]);
            lists = new ListMaker(
                context.Input(stage.model), users, items, stage.options, () => ListMaker.FindTaken(context, stage.interactions, null), context.Threads);
        }

        public int Users => users.Count;

        int CountByPopularity => users.HasFeatures?.Count(has => !has) ?? 0;

        public string Describe() => $"{users.Count} users, {distinct.Rows.Length} distinct rows, {CountByPopularity} users by popularity";

        public async Task MakeAsync(StageContext context, int first, int count, CancellationToken cancellation)
        {
            var start = first * stage.options.UsersPerPart;
            var end = Math.Min(users.Count, (first + count) * stage.options.UsersPerPart);
            var given = Lists(context, start, end - start);
            var output = context.Output(stage.lists);
            await WritePartsAsync(context, output, given, first, count, cancellation);
            if (stage.options.Submission)
            {
                SubmissionFile.Write(output, users, items, given);
            }

            output.Facts["users"] = users.Count;
            output.Facts["usersByPopularity"] = CountByPopularity;
            output.Facts["distinctRows"] = distinct.Rows.Length;
            output.Facts["dedupeFactor"] = distinct.Factor;
        }

        public void Dispose() => lists.Dispose();

        GivenLists Lists(StageContext context, int start, int count)
        {
            var alike = distinct.Within(start, count);
            var given = lists.Of([.. Enumerable.Range(start, count)], alike, context.Threads);
            var top = given.Model;
            var check = new ListCheck(items.Ids);
            for (var list = 0; list < top.Count; list++)
            {
                if (check.Fault(top.Items(list), top.Scores(list)) is { } fault)
                {
                    throw ListCheck.Failed($"{stage.lists.Folder}: the list of user '{users.Ids[alike.Rows[list]]}'", fault);
                }
            }

            return given;
        }

        async Task WritePartsAsync(StageContext context, OutputFolder output, GivenLists given, int first, int count, CancellationToken cancellation)
        {
            var rows = new long[count];
            var (done, total, gate) = (0L, given.Count, new Lock());
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = cancellation };
            await Parallel.ForAsync(0, count, parallel, (index, _) =>
            {
                var start = index * stage.options.UsersPerPart;
                var size = Math.Min(stage.options.UsersPerPart, given.Count - start);
                rows[index] = UserLists.WritePart(output, first + index, users, items, given, start, size);
                lock (gate)
                {
                    context.Progress(done += size, total, "users");
                }

                return ValueTask.CompletedTask;
            });
            for (var index = 0; index < count; index++)
            {
                output.AddTable(UserLists.PartName(first + index), UserLists.Schema.ToManifest(), rows[index]);
            }
        }
    }
}
