using System.Text.Json;
using Pipeline.Features;
using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>Trains one kind of tower, for every seed.</summary>
public sealed class TrainStage(
    ITowerOptions tower, TrainingOptions training, LabelTarget target = LabelTarget.Liked, LossOptions? loss = null) : IStage
{
    readonly Artifact model = ModelArtifacts.Of(tower.Name);

    // How often it may be resumed does not change what comes out.
    readonly TrainingOptions decisive = training with { CheckpointEverySteps = 1 };

    // Null for the mean squared error, which reads nothing besides, and whose models say nothing of it.
    readonly LossOptions? sampled = loss is { IsSampled: true } ? loss.Decisive : null;

    public string Name => $"train/{tower.Name}";

    public int Version => 3;

    /// <summary>What it is trained on; null for our own kernels.</summary>
    public IEngine? Engine { get; private init; }

    public object Options => Engine is null ? OwnOptions : new { Engine = Engine.Name, Stage = OwnOptions };

    object OwnOptions => sampled is null
        ? new { Tower = (object)tower, Training = decisive, Target = target }
        : new { Tower = (object)tower, Training = decisive, Loss = sampled };

    /// <summary>The same stage on another engine.</summary>
    public TrainStage On(IEngine engine) => new(tower, training, target, loss) { Engine = engine };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads =>
    [
        FeatureArtifacts.Users, FeatureArtifacts.Items, FeatureArtifacts.Train, FeatureArtifacts.Validation, FeatureArtifacts.Test,
        .. sampled is null ? Array.Empty<Artifact>() : [FeatureArtifacts.Negatives, FeatureArtifacts.History],
    ];

    public IReadOnlyList<Artifact> Writes => [model];

    public bool IsResumable => true;

    public int SeedsAtOnce => int.MaxValue;

    /// <summary>Two checkpoints for a moment, of values and two moments each, are six times a model.</summary>
    public int TimesAtPeak => training.Steps > training.CheckpointEverySteps ? 6 : 1;

    /// <summary>Both towers have a token for each value of a category and for each number; of those few, and not the items, 64 are assumed.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        const double BytesOfProbeEntry = 4.6;
        var tokens = inputs.Of(FeatureArtifacts.Items).Rows + 64;
        var parameters = (2 * (tower.LayerParameters + tower.Head.CountParameters(tower.TokenWidth))) + (tokens * tower.TokenWidth);
        var (probes, users) = ((training.Steps / training.ProbeEverySteps) + 2.0, Math.Min(training.ProbeUsers, inputs.Of(FeatureArtifacts.Test).Rows));
        return [DataSize.Of((sizeof(float) * (double)parameters) + (probes * users * Trainer.ProbeLength * BytesOfProbeEntry) + 5_000)];
    }

    /// <summary>
    /// One seed after another with all threads, or several at once with a thread each. On a CPU a seed to itself keeps its weights
    /// in its own cache; the bytes are the same.
    /// </summary>
    public async Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var lanes = Math.Min(context.Threads, context.Seeds.Count);
        var threads = Math.Max(1, context.Threads / lanes);
        var done = new int[context.Seeds.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = lanes, CancellationToken = cancellation };
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        await Parallel.ForAsync(0, context.Seeds.Count, options, (index, token) =>
        {
            TrainSeed(context, context.Seeds[index], users, threads, step => Report(context, done, index, step), token);
            return ValueTask.CompletedTask;
        });
    }

    void Report(StageContext context, int[] done, int index, int step)
    {
        lock (done)
        {
            // A plain loop: it runs at every step, and a step allocates nothing.
            done[index] = step;
            long sum = 0;
            foreach (var steps in done)
            {
                sum += steps;
            }

            context.Progress(sum, (long)training.Steps * done.Length, "steps");
        }
    }

    void TrainSeed(
        StageContext context, int seed, EncodedTable users, int threads, Action<int> report, CancellationToken cancellation)
    {
        var output = context.Output(model, seed);
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items, seed));
        var test = TestUsers.Read(context.Input(FeatureArtifacts.Test, seed));
        var set = new TrainingSet(
            seed, users, items, Pairs.Read(context.Input(FeatureArtifacts.Train, seed)), Pairs.Read(context.Input(FeatureArtifacts.Validation, seed)),
            test, TrainingSet.ChooseProbeUsers(test, training.ProbeUsers), target)
        {
            Frequencies = sampled is null ? null : ItemFrequencies.Read(context.Input(FeatureArtifacts.Negatives, seed)),
            History = sampled is null ? null : History.Of(Interactions.Read(context.Input(FeatureArtifacts.History, seed), items.Count), users.Count),
        };
        using var kernels = Engine?.Create(threads) ?? new CpuKernels(threads);
        var trainer = new Trainer(kernels, tower, training, [set], sampled);
        if (Checkpoint.Exists(output.Path))
        {
            Restore(context, trainer, output.Path, seed);
        }

        Train(trainer, output.Path, report, cancellation);
        WriteModel(output, trainer, set, kernels);
    }

    /// <summary>A checkpoint that cannot be read costs time and nothing else: from the beginning, training ends with the same bytes.</summary>
    void Restore(StageContext context, Trainer trainer, string folder, int seed)
    {
        try
        {
            trainer.Restore(0, Checkpoint.Read(folder));
            context.Log($"seed {seed}: goes on from step {trainer.Step} of {training.Steps}");
        }
        catch (PipelineException error) when (error.Code == ExitCode.InputMissing)
        {
            context.Log($"seed {seed}: begins anew, since its checkpoint cannot be used: {error.Message}");
        }
    }

    void Train(Trainer trainer, string folder, Action<int> report, CancellationToken cancellation)
    {
        report(trainer.Step);
        while (true)
        {
            if (trainer.Step % training.ProbeEverySteps == 0 || trainer.Step == training.Steps)
            {
                trainer.TakeProbe();
            }

            if (trainer.Step == training.Steps)
            {
                return;
            }

            if (cancellation.IsCancellationRequested || trainer.Step > 0 && trainer.Step % training.CheckpointEverySteps == 0)
            {
                Checkpoint.Write(folder, trainer.Capture(0));
                cancellation.ThrowIfCancellationRequested();
            }

            trainer.Advance();
            report(trainer.Step);
        }
    }

    void WriteModel(OutputFolder output, Trainer trainer, TrainingSet set, IKernels kernels)
    {
        var description = new ModelDescription
        {
            Tower = tower.Name,
            Options = JsonSerializer.SerializeToNode(tower, tower.GetType(), ModelFile.Json)!,
            Users = set.Users.Spec,
            Items = set.Items.Spec,
            Seed = set.Seed,
            Training = decisive,
            Target = target,
            Loss = sampled,
            Parameters = trainer.Model.Parameters.Count,
            ValidationLoss = trainer.Validate(0),
            TrainingLoss = [.. trainer.Probes(0).Where(probe => probe.Step > 0).Select(probe => new LossPoint(probe.Step, probe.Loss))],
        };
        ModelFile.Write(output.Path, description, kernels, trainer.Model.Parameters, 0);
        Probe.Write(output, trainer.Probes(0));
        output.Facts["parameters"] = description.Parameters;
        output.Facts["validationLoss"] = description.ValidationLoss;
    }
}
