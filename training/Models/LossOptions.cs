using System.ComponentModel.DataAnnotations;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Models;

/// <summary>What training makes smaller. Default: the paper, section III.</summary>
public sealed record LossOptions
{
    // 256 MiB for each of the three tables of scores.
    const long MostScores = 1 << 26;

    [Option("mse: the squared error of labelled pairs. sampledSoftmax: how surely an item that was taken is told from other candidates; pairs of things taken only.")]
    public LossKind Kind { get; init; } = LossKind.Mse;

    [Option("Of sampledSoftmax: scores are divided by it. Smaller makes it look closer at the best of the others.")]
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    [Option("Of sampledSoftmax: the other candidates are the items of the batch's other pairs (inBatch), or these and items drawn uniformly (mixed).")]
    public Sampler Sampler { get; init; } = Sampler.InBatch;

    [Option("Of mixed: items that are drawn uniformly, for all users of a step.", Unit = "items")]
    [Range(1, 65536)]
    public int Extra { get; init; } = 32;

    internal bool IsSampled => Kind == LossKind.SampledSoftmax;

    /// <summary>X</summary>
    internal int ExtraItems => IsSampled && Sampler == Sampler.Mixed ? Extra : 0;

    /// <summary>With the defaults in the place of what this loss does not use: equal if and only if they train alike.</summary>
    internal LossOptions Decisive => (IsSampled, Sampler) switch
    {
        (false, _) => new(),
        (true, Sampler.InBatch) => this with { Extra = new LossOptions().Extra },
        _ => this,
    };

    /// <exception cref="PipelineException">The loss says nothing of a batch of this size, or takes too much memory.</exception>
    internal void Check(int batch)
    {
        if (IsSampled && batch + ExtraItems < 2)
        {
            throw new PipelineException(
                ExitCode.InvalidConfiguration,
                "loss.kind is sampledSoftmax, loss.sampler inBatch and training.batch 1: an item is compared with nothing. Take a larger batch, or mixed.");
        }

        if (IsSampled && batch * ((long)batch + ExtraItems) > MostScores)
        {
            throw new PipelineException(
                ExitCode.InvalidConfiguration,
                $"training.batch is {batch} and there are {ExtraItems} extra items: {batch * ((long)batch + ExtraItems)} scores a step. "
                + $"sampledSoftmax allows {MostScores}. Take a smaller batch, such as {Math.Min(batch, 4096)}, or fewer extra items.");
        }
    }
}

public enum LossKind
{
    /// <summary>Mean squared error.</summary>
    Mse,

    /// <summary>Cross-entropy of each pair's item among the candidates of its batch.</summary>
    SampledSoftmax,
}

/// <summary>Where the candidates of a sampled softmax come from.</summary>
public enum Sampler
{
    InBatch,

    /// <summary>Yang et al. 2020, "Mixed negative sampling for learning two-tower neural networks in recommendations".</summary>
    Mixed,
}
