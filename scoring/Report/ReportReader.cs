using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Reads what a report is made of and works out its numbers.</summary>
sealed class ReportReader(StageContext context, IReadOnlyList<string> towers, IReadOnlyList<IBaseline> baselines, ReportOptions options, bool hasHistory)
{
    readonly List<Manifest> manifests = [];
    readonly List<DeadRun> deadRuns = [];
    readonly List<ListSpread> spreads = [];
    readonly List<SeedLists> seeds = [];
    readonly List<Exposure> exposures = [];
    SeedCatalogues catalogues = null!;

    IReadOnlyList<string> Lists { get; } = [.. towers, .. baselines.Select(baseline => baseline.Id)];

    public Results Read(CancellationToken cancellation)
    {
        catalogues = new SeedCatalogues([.. context.Seeds.Select(seed => EncodedTable.Read(Open(FeatureArtifacts.Items, seed)))]);
        var tests = context.Seeds.Select(seed => TestUsers.Read(Open(FeatureArtifacts.Test, seed))).ToList();
        var resampling = new Resampling(
            options.Resamples, (purpose, index) => context.Random(context.Seeds[0], "bootstrap of " + purpose, index), context.Threads, SeedLists.ShareUsers(tests));
        ReadExposures(tests);
        ReadModels();
        ReadTestLists(tests, cancellation);
        ReadExports(cancellation);
        var evaluation = Evaluation.Of(Lists, seeds, Comparison.Of(context.Dataset, towers, [.. baselines.Select(baseline => baseline.Id)]), resampling);
        var evaluationOfAll = tests.Any(test => test.Elsewhere.Any(count => count > 0)) ? Evaluation.Of(Lists, seeds, [], resampling, countsElsewhere: true) : null;
        IReadOnlyList<TrainingCurve> curves = [.. towers.SelectMany(tower => Curves(tower, resampling))];
        return new Results
        {
            Dataset = context.Dataset,
            Label = options.Label,
            IsSynthetic = manifests.Any(manifest => manifest.Synthetic),
            Towers = towers,
            Baselines = baselines,
            Evaluation = evaluation,
            EvaluationOfAll = evaluationOfAll,
            SameAsPopularity = [.. Lists.Where(IsPopularity)],
            DeadRuns = deadRuns,
            Spreads = spreads,
            Breakdowns = BreakdownBuilder.Of(towers, metric => ComparisonFindings.Strongest(evaluation, baselines, metric.Name), seeds, exposures, resampling),
            Curves = curves,
            ItemLikes = [.. towers.Select(Likes)],
            BrokenIdentities = [.. EvaluationCheck.Broken(evaluation, evaluationOfAll), .. EvaluationCheck.Broken(curves)],
            Inputs = manifests,
            Resamples = options.Resamples,
        };
    }

    /// <summary>True of every other list that gives each test user what popularity gives.</summary>
    bool IsPopularity(string list) => list != Titles.Popularity
        && seeds.All(seed => seed.Lists[list].Zip(seed.Lists[Titles.Popularity]).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

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

    void ReadExposures(List<TestUsers> tests)
    {
        var users = (int)Open(FeatureArtifacts.Users).Manifest.Rows!.Value;
        foreach (var (index, seed) in context.Seeds.Index())
        {
            var items = catalogues.NumberOf(index).Length;
            exposures.Add(hasHistory
                ? Exposure.OfHistory(Open(FeatureArtifacts.History, seed), tests[index], users, items)
                : Exposure.OfPairs(Open(FeatureArtifacts.Train, seed), items));
        }
    }

    void ReadTestLists(List<TestUsers> tests, CancellationToken cancellation)
    {
        var counts = Lists.ToDictionary(list => list, _ => new long[catalogues.Count]);
        var users = 0L;
        for (var index = 0; index < context.Seeds.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var seed = context.Seeds[index];
            var items = new Dictionary<string, int[][]>(StringComparer.Ordinal);
            bool[]? byPopularity = null;
            foreach (var list in Lists)
            {
                var input = Open(ScoringArtifacts.TestLists(list), seed);
                var read = TestLists.Read(input, tests[index].Count);
                items.Add(list, read.Items);
                if (read.Sources is { } sources && sources.Contains(ListSource.Popularity))
                {
                    // The same for every tower: it follows from the user's features.
                    byPopularity = [.. sources.Select(source => source == ListSource.Popularity)];
                }

                Count(read.Items, catalogues.NumberOf(index), counts[list]);
                if (towers.Contains(list) && ((string?)input.Manifest.Facts[TestLists.DeadModel] ?? RunHealth.CauseOfDeathOf(read)) is { } cause)
                {
                    deadRuns.Add(new DeadRun(list, seed, cause));
                    context.Log($"warning: seed {seed} of {list} is a dead run: {cause}. It is counted, not left out.");
                }
            }

            users += tests[index].Count;
            seeds.Add(new SeedLists(seed, tests[index], items) { ByPopularity = byPopularity });
            context.Progress(index + 1, context.Seeds.Count, "seeds");
        }

        spreads.AddRange(Lists.Select(list => new ListSpread(list, "test users", users, Concentration.Of(counts[list]))));
    }

    void ReadExports(CancellationToken cancellation)
    {
        var items = EncodedTable.Read(Open(FeatureArtifacts.Items, context.Seeds[0]));
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

    /// <summary>Of the probe users whose lists come from the model.</summary>
    IReadOnlyList<TrainingCurve> Curves(string tower, Resampling resampling) => CurveBuilder.Of(
        tower,
        [.. context.Seeds.Select(seed => Probe.Read(Open(ModelArtifacts.Of(tower), seed)))],
        [.. seeds.Select(seed => seed.Test.Relevant.Select((relevant, user) => seed.ByPopularity?[user] == true ? [] : relevant).ToArray())],
        catalogues.Length,
        resampling);

    /// <summary>Likes by item; by rank of the actual likes where each seed has its own items, as the paper does to compare seeds.</summary>
    ItemLikes Likes(string tower)
    {
        var (actual, predicted) = (new long[catalogues.Length], new long[catalogues.Length]);
        foreach (var seed in context.Seeds)
        {
            var liked = LikedItems.Read(Open(ScoringArtifacts.TestLists(tower), seed));
            var items = Enumerable.Range(0, actual.Length);
            int[] order = [.. catalogues.AreAlike ? items : items.OrderByDescending(item => liked.Actual[item])];
            for (var place = 0; place < actual.Length; place++)
            {
                actual[place] += liked.Actual[order[place]];
                predicted[place] += liked.Predicted[order[place]];
            }
        }

        return new ItemLikes(tower, actual, predicted);
    }

    static void Count(int[][] lists, int[] numberOf, long[] counts)
    {
        foreach (var list in lists)
        {
            foreach (var item in list)
            {
                counts[numberOf[item]]++;
            }
        }
    }
}
