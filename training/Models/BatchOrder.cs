using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>
/// Which pairs a step trains on: every epoch all pairs in a new random order, cut into batches. A pure function of seed and step, so
/// that a resumed run goes on as if it had not stopped. Pairs that do not fill a batch sit out the epoch.
/// </summary>
public sealed class BatchOrder
{
    readonly int seed, batch, stepsPerEpoch;
    readonly int[] order;
    int epoch = -1;

    public BatchOrder(int seed, int pairs, int batch)
    {
        if (pairs < batch)
        {
            throw new PipelineException(
                ExitCode.InvalidConfiguration, $"There are {pairs} training pairs, fewer than a batch ({batch}). Ask for more pairs or a smaller batch.");
        }

        (this.seed, this.batch, stepsPerEpoch) = (seed, batch, pairs / batch);
        order = new int[pairs];
    }

    /// <param name="step">Counted from 0.</param>
    /// <returns>Positions of the batch's pairs, valid until the next call.</returns>
    public ReadOnlySpan<int> Of(int step)
    {
        var wanted = step / stepsPerEpoch;
        if (wanted != epoch)
        {
            epoch = wanted;
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            new RandomStream(seed, "shuffle", (uint)epoch).Shuffle<int>(order);
        }

        return order.AsSpan(step % stepsPerEpoch * batch, batch);
    }
}
