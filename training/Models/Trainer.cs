using Pipeline.Kernels;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>Trains R models side by side, one per training set: batch, gradients, Adam. Each gives the bytes that it would give alone.</summary>
public sealed class Trainer
{
    /// <summary>Entries of a probe user's list: what HR@10 needs.</summary>
    public const int ProbeLength = 10;

    readonly IKernels kernels;
    readonly TrainingOptions options;
    readonly LossOptions loss;
    readonly IReadOnlyList<TrainingSet> sets;
    readonly BatchOrder[] orders;
    readonly Candidates[] candidates;
    readonly Tensor lossSum;
    readonly int[] users, items;
    readonly float[] targets;
    readonly float[] one = new float[1];
    readonly List<ProbeStep>[] probes;

    /// <param name="kernels">The device; outlives this.</param>
    /// <param name="tower">Of both towers.</param>
    /// <param name="options">Common to all sets.</param>
    /// <param name="sets">One per replica, with the same features.</param>
    /// <param name="loss">What training makes smaller; null for the mean squared error.</param>
    /// <exception cref="PipelineException">The loss cannot be taken of such batches or pairs.</exception>
    public Trainer(IKernels kernels, ITowerOptions tower, TrainingOptions options, IReadOnlyList<TrainingSet> sets, LossOptions? loss = null)
    {
        (this.kernels, this.options, this.sets, this.loss) = (kernels, options, sets, loss ?? new LossOptions());
        this.loss.Check(options.Batch);
        Model = new TwoTower(kernels, tower, sets[0].Users.Spec, sets[0].Items.Spec, sets.Count, options.Batch, isTrained: true, loss: loss);
        orders = [.. sets.Select(set => new BatchOrder(set.Seed, set.Train.Users.Length, options.Batch))];
        candidates = this.loss.IsSampled ? [.. sets.Select(set => new Candidates(set, this.loss, options.Batch, "extra-items"))] : [];
        probes = [.. sets.Select(_ => new List<ProbeStep>())];
        lossSum = kernels.Allocate(sets.Count, 1, 1);
        (users, items, targets) = (new int[options.Batch], new int[Model.Items.Batch], new float[options.Batch]);
        for (var replica = 0; replica < sets.Count; replica++)
        {
            Model.Parameters.Initialise(kernels, replica, sets[replica].Seed);
        }
    }

    public TwoTower Model { get; }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    public IReadOnlyList<ProbeStep> Probes(int replica) => probes[replica];

    /// <summary>One step of all replicas.</summary>
    public void Advance()
    {
        for (var replica = 0; replica < sets.Count; replica++)
        {
            LoadBatch(replica);
        }

        Step++;
        Model.Differentiate();
        kernels.Add(Model.Loss, lossSum);
        Model.Update(new AdamRates((float)options.LearningRate), Step);
    }

    /// <summary>Loss of the last batch.</summary>
    public float ReadLoss(int replica)
    {
        kernels.Read(Model.Loss.Replica(replica), one);
        return one[0];
    }

    /// <summary>Takes the lists of the probe users as the models stand now, unless that was done at this step already.</summary>
    public void TakeProbe()
    {
        for (var replica = 0; replica < sets.Count; replica++)
        {
            if (probes[replica].Count == 0 || probes[replica][^1].Step < Step)
            {
                var sinceStep = probes[replica].Count == 0 ? 0 : probes[replica][^1].Step;
                kernels.Read(lossSum.Replica(replica), one);
                probes[replica].Add(Probe(replica, Step == 0 ? float.NaN : one[0] / (Step - sinceStep)));
            }
        }

        kernels.Clear(lossSum);
    }

    /// <summary>
    /// The loss over the validation pairs. Of a sampled softmax the mean over batches as in training, in the order of the pairs, with extra items of their own;
    /// what the last batch lacks is taken from the first pairs.
    /// </summary>
    public double Validate(int replica) => loss.IsSampled ? ValidateSampled(replica) : ValidateSquaredError(replica);

    double ValidateSampled(int replica)
    {
        var set = sets[replica];
        var sampled = new Candidates(set, loss, options.Batch, "extra-items/validation");
        var (count, batches) = (set.Validation.Count, (set.Validation.Count + options.Batch - 1) / options.Batch);
        double sum = 0;
        for (var batch = 0; batch < batches; batch++)
        {
            for (var b = 0; b < options.Batch; b++)
            {
                var pair = ((batch * options.Batch) + b) % count;
                (users[b], items[b]) = (set.Validation.Users[pair], set.Validation.Items[pair]);
            }

            kernels.Write(sampled.Complete(batch, users, items), Model.Corrections.Replica(replica));
            LoadFeatures(replica);
            Model.Evaluate();
            sum += ReadLoss(replica);
        }

        return sum / batches;
    }

    double ValidateSquaredError(int replica)
    {
        var set = sets[replica];
        var embedder = new Embedder(kernels, Model);
        int width = Model.EmbeddingWidth, count = set.Validation.Users.Length;
        float[] u = embedder.Users(set.Users, set.Validation.Users, replica), i = embedder.Items(set.Items, set.Validation.Items, replica);
        double sum = 0;
        for (var pair = 0; pair < count; pair++)
        {
            var error = (double)Score(u, pair, i, pair, width) - Target(set, set.Validation.Labels[pair]);
            sum += error * error;
        }

        return sum / count;
    }

    internal CheckpointState Capture(int replica)
    {
        var parameters = Model.Parameters;
        return new CheckpointState(
            Step, Read(parameters.Values, replica), Read(parameters.FirstMoments, replica), Read(parameters.SecondMoments, replica),
            Read(lossSum, replica)[0], [.. probes[replica]]);
    }

    /// <summary>All replicas must be restored to the same step.</summary>
    internal void Restore(int replica, CheckpointState state)
    {
        var parameters = Model.Parameters;
        kernels.Write(state.Values, parameters.Values.Replica(replica));
        kernels.Write(state.FirstMoments, parameters.FirstMoments.Replica(replica));
        kernels.Write(state.SecondMoments, parameters.SecondMoments.Replica(replica));
        kernels.Write([state.LossSum], lossSum.Replica(replica));
        probes[replica].Clear();
        probes[replica].AddRange(state.Probes);
        Step = state.Step;
    }

    void LoadBatch(int replica)
    {
        var set = sets[replica];
        var pairs = orders[replica].Of(Step);
        for (var b = 0; b < pairs.Length; b++)
        {
            users[b] = set.Train.Users[pairs[b]];
            items[b] = set.Train.Items[pairs[b]];
            targets[b] = Target(set, set.Train.Labels[pairs[b]]);
        }

        if (loss.IsSampled)
        {
            kernels.Write(candidates[replica].Complete(Step, users, items), Model.Corrections.Replica(replica));
        }
        else
        {
            kernels.Write(targets, Model.Targets.Replica(replica));
        }

        LoadFeatures(replica);
    }

    void LoadFeatures(int replica)
    {
        Model.Users.Load(replica, sets[replica].Users, users);
        Model.Items.Load(replica, sets[replica].Items, items);
    }

    ProbeStep Probe(int replica, float loss)
    {
        var set = sets[replica];
        var embedder = new Embedder(kernels, Model);
        int width = Model.EmbeddingWidth, itemCount = set.Items.Count, length = Math.Min(ProbeLength, itemCount);
        var i = embedder.Items(set.Items, [.. Enumerable.Range(0, itemCount)], replica);
        var u = embedder.Users(set.Users, [.. set.ProbeUsers.Select(user => set.Test.Users[user])], replica);
        var scores = new float[itemCount];
        int[][] lists = [.. set.ProbeUsers.Select(_ => new int[length])];
        float[][] values = [.. set.ProbeUsers.Select(_ => new float[length])];
        for (var user = 0; user < lists.Length; user++)
        {
            for (var item = 0; item < itemCount; item++)
            {
                scores[item] = Score(u, user, i, item, width);
            }

            TopK.Select(scores, [], lists[user], values[user]);
        }

        return new ProbeStep(Step, set.ProbeUsers, lists, values, loss);
    }

    static float Target(TrainingSet set, int label) => set.Target == LabelTarget.Sentiment ? label : label > 0 ? 1 : 0;

    float[] Read(Tensor block, int replica)
    {
        var values = new float[block.Rows * block.Columns];
        kernels.Read(block.Replica(replica), values);
        return values;
    }

    static float Score(float[] users, int user, float[] items, int item, int width)
    {
        float sum = 0;
        for (var e = 0; e < width; e++)
        {
            sum += users[user * width + e] * items[item * width + e];
        }

        return sum;
    }
}
