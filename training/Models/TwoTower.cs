using Pipeline.Features;
using Pipeline.Kernels;
using Pipeline.Models.Layers;
using Pipeline.Models.Towers;

namespace Pipeline.Models;

/// <summary>Two towers whose embeddings' inner product is the score of a user and an item; R replicas of them side by side.</summary>
/// <remarks>Source: Starnes and Webster, section II-C and figure 3.</remarks>
public sealed class TwoTower
{
    readonly IKernels kernels;
    readonly Tower user, item;
    readonly LossOptions loss;
    readonly Tensor scores, dusers, ditems;

    /// <param name="kernels">The device; outlives this.</param>
    /// <param name="options">Of both towers.</param>
    /// <param name="users">Features of the user tower.</param>
    /// <param name="items">Features of the item tower.</param>
    /// <param name="replicas">R</param>
    /// <param name="batch">B, of every call: users, and items without the loss's extra ones.</param>
    /// <param name="isTrained">False for a model that only scores.</param>
    /// <param name="weights">For a model that only scores: the weights of another of the same kind, used where they lie; null for its own.</param>
    /// <param name="loss">What its gradients are of; null for the mean squared error.</param>
    public TwoTower(
        IKernels kernels, ITowerOptions options, FeatureSpec users, FeatureSpec items, int replicas, int batch, bool isTrained, ParameterBlock? weights = null,
        LossOptions? loss = null)
    {
        (this.kernels, this.loss) = (kernels, loss ?? new LossOptions());
        (Replicas, Batch, EmbeddingWidth) = (replicas, batch, options.Head.EmbeddingWidth);
        var itemBatch = batch + this.loss.ExtraItems;
        Users = new FeatureFeed(kernels, users, replicas, batch);
        Items = new FeatureFeed(kernels, items, replicas, itemBatch);
        user = new Tower(new LayerScope(kernels, Parameters, replicas, batch, users.Tokens, "user.") { IsTrained = isTrained }, options, users);
        item = new Tower(new LayerScope(kernels, Parameters, replicas, itemBatch, items.Tokens, "item.") { IsTrained = isTrained }, options, items);
        if (weights is null)
        {
            Parameters.Allocate(kernels, replicas, isTrained);
        }
        else
        {
            Parameters.Share(weights);
        }

        Targets = this.loss.IsSampled ? Tensor.None : kernels.Allocate(replicas, batch, 1);
        Corrections = this.loss.IsSampled ? kernels.Allocate(replicas, batch, itemBatch) : Tensor.None;
        Loss = kernels.Allocate(replicas, 1, 1);
        scores = kernels.Allocate(replicas, batch, this.loss.IsSampled ? itemBatch : 1);
        dusers = kernels.Allocate(replicas, batch, EmbeddingWidth);
        ditems = kernels.Allocate(replicas, itemBatch, EmbeddingWidth);
    }

    public int Replicas { get; }

    public int Batch { get; }

    public int EmbeddingWidth { get; }

    public ParameterBlock Parameters { get; } = new();

    public FeatureFeed Users { get; }

    public FeatureFeed Items { get; }

    /// <summary>[R, B, 1]: what the scores should be; None for a sampled softmax.</summary>
    public Tensor Targets { get; }

    /// <summary>[R, B, B + X]: what is added to the scores of a sampled softmax; None for the squared error.</summary>
    public Tensor Corrections { get; }

    /// <summary>[R, 1, 1]: of the last batch.</summary>
    public Tensor Loss { get; }

    /// <summary>The loss over the batch in Users, Items and Targets or Corrections.</summary>
    public void Evaluate()
    {
        var users = EmbedUsers();
        var items = EmbedItems();
        if (loss.IsSampled)
        {
            kernels.SampledSoftmaxLoss(users, items, Corrections, (float)loss.Temperature, scores, Loss, dusers, ditems);
        }
        else
        {
            kernels.SquaredErrorLoss(users, items, Targets, scores, Loss, dusers, ditems);
        }
    }

    /// <summary>As <see cref="Evaluate"/>, and the block's gradients become those of the loss.</summary>
    /// <exception cref="InvalidOperationException">The model only scores.</exception>
    public void Differentiate()
    {
        if (Parameters.Gradients.IsNone)
        {
            throw new InvalidOperationException("A model that only scores has no memory for gradients.");
        }

        kernels.Clear(Parameters.AddedGradients);
        Evaluate();
        user.Backward(dusers);
        item.Backward(ditems);
    }

    /// <summary>One step of Adam with the block's gradients.</summary>
    /// <param name="rates">Of this step.</param>
    /// <param name="step">Counted from 1.</param>
    public void Update(in AdamRates rates, long step) =>
        kernels.AdamStep(Parameters.Values, Parameters.Gradients, Parameters.FirstMoments, Parameters.SecondMoments, rates, step);

    /// <returns>[R, B, E], valid until the next call.</returns>
    public Tensor EmbedUsers() => user.Forward(Users.Numeric, Users.Categories, Batch);

    /// <returns>[R, B + X, E], valid until the next call.</returns>
    public Tensor EmbedItems() => item.Forward(Items.Numeric, Items.Categories, Items.Batch);
}
