using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Unit.Models;

public class TrainStageTests
{
    static readonly MambaOptions Tower = new() { TokenWidth = 16, Layers = 1, StateWidth = 4, ConvolutionWidth = 4 };

    static readonly TrainingOptions Training = new() { Batch = 8, Steps = 30, ProbeEverySteps = 10, ProbeUsers = 2, CheckpointEverySteps = 7 };

    static readonly LossOptions Sampled = new() { Kind = LossKind.SampledSoftmax, Sampler = Sampler.Mixed, Temperature = 0.5, Extra = 3 };

    [Theory]
    [InlineData(LossKind.Mse)]
    [InlineData(LossKind.SampledSoftmax)]
    public void Seeds_trained_together_and_alone_leave_the_same_files(LossKind loss)
    {
        using StageHarness together = Prepared(loss, 2, 1, 2), alone = Prepared(loss, 1, 1, 2);
        together.Run(Stage(loss), 1, 2);
        alone.Run(Stage(loss), 1).Run(Stage(loss), 2);

        foreach (var seed in new[] { 1, 2 })
        {
            Assert.Equal(Digests(alone, seed), Digests(together, seed));
        }
    }

    [Theory]
    [InlineData(LossKind.Mse, false)]
    [InlineData(LossKind.SampledSoftmax, false)]
    [InlineData(LossKind.Mse, true)]
    public async Task Cancelled_training_goes_on_to_the_bytes_of_an_unbroken_one_even_if_its_checkpoint_was_damaged(LossKind loss, bool isDamaged)
    {
        using var harness = Prepared(loss, 1, 1);
        harness.Run(Stage(loss), 1);
        var output = harness.Output(ModelArtifacts.Of("mamba"), 1);
        InputFolder[] inputs = [.. Stage(loss).Reads.Select(artifact =>
            harness.Input(artifact, artifact == FeatureArtifacts.Users || artifact == FeatureArtifacts.Items ? null : 1))];

        // Cancelled at step 17: the checkpoint of then holds, not the last regular one at 14.
        using var cancellation = new CancellationTokenSource();
        var stopping = new StageContext("test", [1], inputs, [output], 1, TimeProvider.System, new StopAt(17, cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Stage(loss).RunAsync(stopping, cancellation.Token));
        if (isDamaged)
        {
            // The last byte: a number like any other, which only a digest can tell from the right one.
            var bytes = File.ReadAllBytes(output.File("checkpoint.safetensors"));
            bytes[^1] ^= 1;
            File.WriteAllBytes(output.File("checkpoint.safetensors"), bytes);
        }

        var log = new StopAt(-1, cancellation);
        var resuming = new StageContext("test", [1], inputs, [output], 1, TimeProvider.System, log);
        await Stage(loss).RunAsync(resuming, CancellationToken.None);

        Assert.StartsWith(isDamaged ? "seed 1: begins anew, since its checkpoint cannot be used" : "seed 1: goes on from step 17 of 30", Assert.Single(log.Lines));
        foreach (var part in harness.Input(ModelArtifacts.Of("mamba"), 1).Manifest.Parts.Where(part => !part.Path.StartsWith("checkpoint", StringComparison.Ordinal)))
        {
            Assert.Equal(
                File.ReadAllBytes(harness.Input(ModelArtifacts.Of("mamba"), 1).File(part.Path)), File.ReadAllBytes(output.File(part.Path)));
        }
    }

    [Fact]
    public void Stored_model_embeds_as_the_trained_one_did()
    {
        using var harness = Prepared(LossKind.Mse, 1, 1);
        var input = harness.Run(new TrainStage(Tower, Training), 1).Input(ModelArtifacts.Of("mamba"), 1);
        using var model = TrainedModel.Load(input, 2);
        var set = TrainerTests.Set(1);
        float[] users = model.EmbedUsers(set.Users, [0, 2]), items = model.EmbedItems(set.Items, [0, 1, 2, 3]);

        // The last probe holds the best items' scores of test users 0 and 2, who are users 0 and 2.
        var last = Probe.Read(input)[^1];
        Assert.Equal(30, last.Step);
        for (var user = 0; user < 2; user++)
        {
            var best = last.Items[user][0];
            double score = 0;
            for (var e = 0; e < 32; e++)
            {
                score += users[user * 32 + e] * items[best * 32 + e];
            }

            // Batches of another size sum in another order.
            Assert.Equal(last.Scores[user][0], score, 1e-5);
        }
    }

    [Fact]
    public void Checkpoint_interval_is_no_part_of_what_a_model_is()
    {
        Assert.Equal(
            new TrainStage(Tower, Training).Options.ToString(), new TrainStage(Tower, Training with { CheckpointEverySteps = 3 }).Options.ToString());
    }

    [Fact]
    public void A_squared_error_leaves_no_trace_of_the_choice_in_options_inputs_and_model()
    {
        var plain = new TrainStage(Tower, Training);
        var chosen = new TrainStage(Tower, Training, loss: new LossOptions { Temperature = 0.1, Sampler = Sampler.Mixed });

        Assert.Equal(plain.Options.ToString(), chosen.Options.ToString());
        Assert.DoesNotContain("Loss", chosen.Options.ToString());
        Assert.Equal(plain.Reads, chosen.Reads);
        using var harness = Prepared(LossKind.Mse, 1, 1);
        Assert.DoesNotContain("\"loss\": {", File.ReadAllText(harness.Run(chosen, 1).Input(ModelArtifacts.Of("mamba"), 1).File("model.json")));
    }

    [Fact]
    public void Options_that_a_loss_does_not_use_are_no_part_of_what_a_model_is()
    {
        string Options(LossOptions loss) => new TrainStage(Tower, Training, loss: loss).Options.ToString()!;
        var inBatch = new LossOptions { Kind = LossKind.SampledSoftmax };
        var mixed = inBatch with { Sampler = Sampler.Mixed };

        Assert.Equal(Options(inBatch), Options(inBatch with { Extra = 7 }));
        Assert.NotEqual(Options(inBatch), Options(inBatch with { Temperature = 0.5 }));
        Assert.NotEqual(Options(mixed), Options(inBatch));
        Assert.NotEqual(Options(mixed), Options(mixed with { Extra = 7 }));
    }

    [Fact]
    public void Model_of_a_sampled_softmax_says_so_and_reads_back()
    {
        using var harness = Prepared(LossKind.SampledSoftmax, 1, 1);
        var input = harness.Run(Stage(LossKind.SampledSoftmax), 1).Input(ModelArtifacts.Of("mamba"), 1);
        using var model = TrainedModel.Load(input, 1);

        Assert.Equal(Sampled, model.Description.Loss);
        Assert.True(model.Description.ValidationLoss > 0);
        Assert.Equal(2, model.EmbedItems(TrainerTests.Set(1).Items, [0, 3]).Length / model.EmbedItems(TrainerTests.Set(1).Items, [0]).Length);
    }

    [Fact]
    public void Damaged_model_is_named()
    {
        using var harness = Prepared(LossKind.Mse, 1, 1);
        var input = harness.Run(new TrainStage(Tower, Training), 1).Input(ModelArtifacts.Of("mamba"), 1);
        File.WriteAllText(input.File("model.json"), "{");

        var error = Assert.Throws<PipelineException>(() => TrainedModel.Load(input, 1));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("model.json", error.Message);
    }

    static TrainStage Stage(LossKind loss) => loss == LossKind.Mse ? new(Tower, Training) : new(Tower, Training, loss: Sampled);

    static StageHarness Prepared(LossKind loss, int threads, params int[] seeds)
    {
        var harness = new StageHarness(threads: threads);
        void Add(Artifact artifact, int? seed, Action<OutputFolder> write)
        {
            var output = harness.Output(artifact, seed);
            write(output);
            harness.Add(output);
        }

        var set = loss == LossKind.Mse ? TrainerTests.Set(1) : TrainerTests.TakenSet(1);
        Add(FeatureArtifacts.Users, null, set.Users.Write);
        Add(FeatureArtifacts.Items, null, set.Items.Write);
        foreach (var seed in seeds)
        {
            Add(FeatureArtifacts.Train, seed, set.Train.Write);
            Add(FeatureArtifacts.Validation, seed, set.Validation.Write);
            Add(FeatureArtifacts.Test, seed, output => set.Test.Write(output, set.Users, set.Items));
            if (loss == LossKind.SampledSoftmax)
            {
                Add(FeatureArtifacts.Negatives, seed, set.Frequencies!.Write);
                Add(FeatureArtifacts.History, seed, new Interactions(set.Train.Users, set.Train.Items, new int[set.Train.Count]).Write);
            }
        }

        return harness;
    }

    static IEnumerable<string> Digests(StageHarness harness, int seed) =>
        harness.Input(ModelArtifacts.Of("mamba"), seed).Manifest.Parts
            .Where(part => !part.Path.StartsWith("checkpoint", StringComparison.Ordinal)).Select(part => $"{part.Path} {part.Sha256}");

    sealed class StopAt(int step, CancellationTokenSource cancellation) : IStageListener
    {
        public List<string> Lines { get; } = [];

        public void Progress(long done, long total, string unit)
        {
            if (done == step)
            {
                cancellation.Cancel();
            }
        }

        public void Log(string line) => Lines.Add(line);
    }
}
