using System.Globalization;
using Pipeline.Features;
using Pipeline.Features.Negatives;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Negatives;

public sealed class NegativeStageTests : IDisposable
{
    static readonly TableSchema ListSchema = new(new("user_id", ColumnType.String), new("rank", ColumnType.Int32), new("item_id", ColumnType.String));

    readonly StageHarness harness = new("hm");

    /// <summary>User 0 took item 0, user 1 items 0 and 1, user 2 everything (0, 1, 2).</summary>
    public NegativeStageTests()
    {
        Add(FeatureArtifacts.Users, null, new EncodedTable(new FeatureSpec([], []), ["ann", "bob", "cy"], null, [], []).Write);
        Add(FeatureArtifacts.Items, null, new EncodedTable(new FeatureSpec([], []), ["01", "02", "03"], null, [], []).Write);
        foreach (var seed in new[] { 1, 2 })
        {
            Add(FeatureArtifacts.History, seed, new Interactions([0, 1, 1, 2, 2, 2], [0, 0, 1, 0, 1, 2], [1, 1, 1, 1, 1, 1]).Write);
            Add(FeatureArtifacts.Positives, seed, new Pairs([1, 0, 2, 1], [1, 0, 2, 0], [1, 1, 1, 1]).Write);
            Add(FeatureArtifacts.ValidationPositives, seed, new Pairs([0, 2], [0, 1], [1, 1]).Write);
        }
    }

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Each_purchase_is_followed_by_its_negative_unless_the_user_took_everything()
    {
        Run(new NegativeOptions());
        var train = Pairs.Read(harness.Input(FeatureArtifacts.Train, 1));

        // User 1 took all but item 2, user 2 took everything.
        Assert.Equal([1, 1, 0, 0, 2, 1, 1], train.Users);
        Assert.Equal([1, 2, 0, train.Items[3], 2, 0, 2], train.Items);
        Assert.InRange(train.Items[3], 1, 2);
        Assert.Equal([1, 0, 1, 0, 1, 1, 0], train.Labels);
        Assert.Equal([0, 0, 2], Pairs.Read(harness.Input(FeatureArtifacts.Validation, 1)).Users);
    }

    [Fact]
    public void Negatives_are_an_artifact_of_their_own_with_counts()
    {
        Run(new NegativeOptions());
        var input = harness.Input(FeatureArtifacts.Negatives, 1);
        var negatives = Pairs.Read(input);

        Assert.Equal([1, 0, 1], negatives.Users);
        Assert.Equal([0, 0, 0], negatives.Labels);
        Assert.Equal(3, Fact("drawn"));
        Assert.Equal(1, Fact("withoutNegative"));

        // The 100 refusals of user 2, and those of the others.
        Assert.InRange(Fact("collisions"), 100, 130);
        Assert.Equal(Fact("collisions") / Fact("draws"), Fact("collisionRate"), 1e-12);
    }

    [Theory]
    [InlineData(NegativeKind.InBatch)]
    [InlineData(NegativeKind.Mixed)]
    public void Strategies_of_training_time_write_frequencies_and_the_purchases_alone(NegativeKind kind)
    {
        Run(new NegativeOptions { Strategy = kind });

        // The items of the four purchases to train on: 1, 0, 2, 0.
        Assert.Equal([2, 1, 1], ItemFrequencies.Read(harness.Input(FeatureArtifacts.Negatives, 1)).Counts);
        Assert.Equal([1, 0, 2, 1], Pairs.Read(harness.Input(FeatureArtifacts.Train, 1)).Users);
        Assert.Equal([0, 2], Pairs.Read(harness.Input(FeatureArtifacts.Validation, 1)).Users);
    }

    [Fact]
    public void Frequencies_are_the_chances_of_an_item_to_be_in_a_batch()
    {
        // A hundred purchases: item 0 sixty times, item 1 thirty times, item 2 ten times.
        int[] items = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 0 : i < 90 ? 1 : 2)];
        Add(FeatureArtifacts.Positives, 1, new Pairs([.. items.Select(_ => 2)], items, [.. items.Select(_ => 1)]).Write);
        Run(new NegativeOptions { Strategy = NegativeKind.InBatch });
        var (train, frequencies) = (Pairs.Read(harness.Input(FeatureArtifacts.Train, 1)), ItemFrequencies.Read(harness.Input(FeatureArtifacts.Negatives, 1)));
        var random = new RandomStream(5, "batches");
        var counts = new long[3];
        for (var i = 0; i < 20_000; i++)
        {
            counts[train.Items[random.NextInt(train.Count)]]++;
        }

        Assert.InRange(ChiSquare.Of(counts, frequencies.Counts), 0, ChiSquare.Quantile999(2));
    }

    [Fact]
    public void Hard_negatives_come_from_the_lists_of_an_earlier_generation()
    {
        var lists = Lists(("ann", "03"), ("ann", "01"), ("ann", "99"), ("bob", "01"), ("zoe", "02"));
        var stage = new NegativeStage(new NegativeOptions { Strategy = NegativeKind.Hard, Hard = new() { Lists = lists } });
        harness.Run(stage);
        var negatives = Pairs.Read(harness.Input(FeatureArtifacts.Negatives, 1));

        // Ann's list has one item that she did not take and that is still there; bob's has none, and item 2 is all that he did not take.
        Assert.Equal("datasets.hm.negatives.hard.lists", stage.RawOption);
        Assert.Equal([lists], stage.RawFolders);
        Assert.Contains(FeatureArtifacts.Users, stage.Reads);
        Assert.Equal([2, 2, 2], negatives.Items);
        Assert.Equal(2, Fact("fallbacks"));
    }

    [Fact]
    public void Lists_of_other_users_fail_the_check()
    {
        var error = Assert.Throws<PipelineException>(() => Run(new NegativeOptions { Strategy = NegativeKind.Hard, Hard = new() { Lists = Lists(("zoe", "01")) } }));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains("no list of any of the 3 users", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_is_no_generation_is_a_missing_input()
    {
        var error = Assert.Throws<PipelineException>(() => Run(new NegativeOptions { Strategy = NegativeKind.Hard, Hard = new() { Lists = harness.Root } }));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("manifest.json is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_the_strategy_looks_at_is_an_option()
    {
        static string Options(NegativeOptions options) => new NegativeStage(options).Options.ToString()!;

        Assert.Equal(Options(new()), Options(new() { Alpha = 1, Hard = new() { Lists = "elsewhere" } }));
        Assert.NotEqual(Options(new() { Strategy = NegativeKind.Popularity }), Options(new() { Strategy = NegativeKind.Popularity, Alpha = 1 }));
        Assert.Empty(new NegativeStage(new() { Hard = new() { Lists = "elsewhere" } }).RawFolders);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_another_seed_other_ones()
    {
        var many = Enumerable.Repeat(0, 100).ToArray();
        foreach (var seed in new[] { 1, 2 })
        {
            Add(FeatureArtifacts.Positives, seed, new Pairs(many, many, [.. many.Select(_ => 1)]).Write);
        }

        Run(new NegativeOptions());
        var (first, second) = (Fingerprint(1), Fingerprint(2));
        Run(new NegativeOptions());

        Assert.NotEqual(first, second);
        Assert.Equal(first, Fingerprint(1));
    }

    void Run(NegativeOptions options) => harness.Run(new NegativeStage(options), 1, 2);

    string Fingerprint(int seed) => harness.Input(FeatureArtifacts.Train, seed).Manifest.Fingerprint;

    double Fact(string name) => double.Parse(harness.Input(FeatureArtifacts.Negatives, 1).Manifest.Facts[name]!.ToJsonString(), CultureInfo.InvariantCulture);

    void Add(Artifact artifact, int? seed, Action<OutputFolder> write)
    {
        var output = harness.Output(artifact, seed);
        write(output);
        harness.Add(output);
    }

    /// <summary>A finished generation of lists.</summary>
    string Lists(params (string User, string Item)[] rows)
    {
        var output = harness.Output(new Artifact("lists", "4-topk/mamba"));
        using (var writer = new TableWriter(output, ListSchema))
        {
            foreach (var (user, item) in rows)
            {
                writer.Rows.Strings("user_id").Add(user);
                writer.Rows.Values<int>("rank").Add(1);
                writer.Rows.Strings("item_id").Add(item);
                writer.EndRow();
            }

            writer.Finish();
        }

        ManifestFile.Write(output.Path, harness.Add(output).Manifest);
        return output.Path;
    }
}
