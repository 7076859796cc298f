using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Reads what a report is made of and works out its numbers.</summary>
sealed class ReportReader(StageContext context, IReadOnlyList<string> towers, ReportOptions options)
{
    readonly List<Manifest> manifests = [];
    readonly List<DeadRun> deadRuns = [];
    readonly List<ListSpread> spreads = [];
    readonly List<SeedLists> seeds = [];
    IReadOnlyList<string> itemIds = [];

    IReadOnlyList<string> Lists { get; } = [.. towers, .. AllBaselines.List.Select(baseline => baseline.Id)];

    public Results Read(CancellationToken cancellation)
    {
        itemIds = EncodedTable.Read(Open(FeatureArtifacts.Items)).Ids;
        var relevant = context.Seeds.Select(seed => TestUsers.Read(Open(FeatureArtifacts.Test, seed)).Relevant).ToList();
        ReadModels();
        ReadTestLists(relevant, cancellation);
        ReadExports(cancellation);
        var evaluation = Evaluation.Of(Lists, seeds, options.Resamples, resample => Chance("report", resample), context.Threads);
        var rows = Lists.SelectMany(list => AllMetrics.List.Select(metric =>
            new MeasuredRow(list, metric, evaluation.Of(list, metric), evaluation.Users, evaluation.BySeed(list, metric)))).ToList();
        return new Results
        {
            Dataset = context.Dataset,
            IsSynthetic = manifests.Any(manifest => manifest.Synthetic),
            Towers = towers,
            Evaluation = evaluation,
            Rows = rows,
            DeadRuns = deadRuns,
            Spreads = spreads,
            Curves = [.. towers.SelectMany(tower => Curves(tower, relevant))],
            ItemLikes = [.. towers.Select(Likes)],
            BrokenIdentities = Broken(rows, evaluation),
            Inputs = manifests,
            Resamples = options.Resamples,
        };
    }

    /// <summary>Notes what is read, for the provenance.</summary>
    InputFolder Open(Artifact artifact, int? seed = null)
    {
        var input = seed is { } one ? context.Input(artifact, one) : context.Input(artifact);
        if (!manifests.Contains(input.Manifest))
        {
            manifests.Add(input.Manifest);
        }

        return input;
    }

    void ReadModels()
    {
        foreach (var tower in towers)
        {
            foreach (var seed in context.Seeds)
            {
                Open(ModelArtifacts.Of(tower), seed);
            }
        }
    }

    void ReadTestLists(List<int[][]> relevant, CancellationToken cancellation)
    {
        var counts = Lists.ToDictionary(list => list, _ => new long[itemIds.Count]);
        var users = 0L;
        for (var index = 0; index < context.Seeds.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var seed = context.Seeds[index];
            var items = new Dictionary<string, int[][]>(StringComparer.Ordinal);
            foreach (var list in Lists)
            {
                var read = TestLists.Read(Open(ScoringArtifacts.TestLists(list), seed), relevant[index].Length);
                items.Add(list, read.Items);
                Count(read.Items, counts[list]);
                if (towers.Contains(list) && RunHealth.CauseOfDeathOf(read.Items, read.Scores) is { } cause)
                {
                    deadRuns.Add(new DeadRun(list, seed, cause));
                    context.Log($"warning: seed {seed} of {list} is a dead run: {cause}. It is counted, not left out.");
                }
            }

            users += relevant[index].Length;
            seeds.Add(new SeedLists(seed, relevant[index], items));
            context.Progress(index + 1, context.Seeds.Count, "seeds");
        }

        spreads.AddRange(Lists.Select(list => new ListSpread(list, "test users", users, Concentration.Of(counts[list]))));
    }

    void ReadExports(CancellationToken cancellation)
    {
        var items = EncodedTable.Read(Open(FeatureArtifacts.Items));
        foreach (var tower in towers)
        {
            var counts = new long[items.Count];
            var users = 0L;
            using var lists = new UserListReader(Open(ScoringArtifacts.Export(tower)), items);
            while (lists.Next())
            {
                cancellation.ThrowIfCancellationRequested();
                users++;
                foreach (var item in lists.Items)
                {
                    counts[item]++;
                }
            }

            spreads.Add(new ListSpread(tower, "population", users, Concentration.Of(counts)));
        }
    }

    IReadOnlyList<TrainingCurve> Curves(string tower, List<int[][]> relevant) => CurveBuilder.Of(
        tower,
        [.. context.Seeds.Select(seed => Probe.Read(Open(ModelArtifacts.Of(tower), seed)))],
        relevant,
        itemIds.Count,
        options.Resamples,
        resample => Chance("curves", resample),
        context.Threads);

    ItemLikes Likes(string tower)
    {
        var (actual, predicted) = (new long[itemIds.Count], new long[itemIds.Count]);
        foreach (var seed in context.Seeds)
        {
            var liked = LikedItems.Read(Open(ScoringArtifacts.TestLists(tower), seed));
            for (var item = 0; item < actual.Length; item++)
            {
                actual[item] += liked.Actual[item];
                predicted[item] += liked.Predicted[item];
            }
        }

        return new ItemLikes(tower, actual, predicted);
    }

    List<string> Broken(List<MeasuredRow> rows, Evaluation evaluation)
    {
        var values = rows.ToDictionary(row => (row.List, row.Metric.Name), row => row.Interval.Value);
        return
        [
            .. Lists.SelectMany(list => IdentityCheck.Broken(name => values[(list, name)], evaluation.HasOneRelevantEach).Select(failure => $"{list}: {failure}")),
            .. Lists.SelectMany(list => IdentityCheck.AboveCeiling(list, name => values[(list, name)], name => values[(Titles.Oracle, name)])),
        ];
    }

    RandomStream Chance(string purpose, uint index) => context.Random(context.Seeds[0], "bootstrap of " + purpose, index);

    static void Count(int[][] lists, long[] counts)
    {
        foreach (var list in lists)
        {
            foreach (var item in list)
            {
                counts[item]++;
            }
        }
    }
}
