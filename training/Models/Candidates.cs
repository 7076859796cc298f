using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>The items that a sampled softmax compares in a batch: those of its pairs, some drawn uniformly, and what each user's scores are corrected by.</summary>
/// <remarks>
/// <code>
/// correction[i,j] = -log q[j], or -infinity: j is a copy of i's own item, or one that user i is known to have taken
/// correction[i,i] = log n[i] - log q[i]      n[i]: how often i's own item is among the candidates
/// inBatch: q[j] = count[j] / Σ count      mixed: q[j] = (B count[j] / Σ count + X / items) / (B + X)
/// </code>
/// Source: Yi et al. 2019, section 3, and Yang et al. 2020. The own item is corrected too, as in both: whichever of the candidates was the one taken, the others
/// were drawn, so given the candidates the chance that it was j is in proportion to p(j | user) / q[j]. So the scores learn log p from any number of candidates;
/// with the own item left uncorrected (importance sampling, Bengio and Senécal 2008), and for mixed, that holds as their number grows.
/// NOTE: differs from both papers, where copies of the own item are negatives, or are taken out without a trace. Any of the copies may be the one taken, so the
/// own item stands for them all. Without log n, an item that is in every batch is compared with too few others and scored too high.
/// An item that no training pair has meets an inBatch loss only among validation pairs; there it counts as if one had it.
/// </remarks>
sealed class Candidates
{
    readonly History history;
    readonly RandomStream chance;
    readonly float[] itemCorrections, corrections, row;
    readonly int[] first, next;
    readonly int batch;

    /// <param name="purpose">Of the stream that the extra items are drawn from.</param>
    /// <exception cref="PipelineException">The frequencies do not fit the items or the training pairs.</exception>
    public Candidates(TrainingSet set, LossOptions loss, int batch, string purpose)
    {
        var frequencies = set.Frequencies ?? throw new ArgumentException("A sampled softmax needs the frequencies of items.", nameof(set));
        history = set.History ?? throw new ArgumentException("A sampled softmax needs to know what users took.", nameof(set));
        CheckPairs(set, frequencies.Counts);
        this.batch = batch;
        chance = new RandomStream(set.Seed, purpose);
        itemCorrections = Array.ConvertAll(frequencies.Counts, count => (float)-Math.Log(Chance(count, frequencies, batch, loss.ExtraItems)));
        (row, next) = (new float[batch + loss.ExtraItems], new int[batch + loss.ExtraItems]);
        corrections = new float[batch * row.Length];
        first = new int[itemCorrections.Length];
        Array.Fill(first, -1);
    }

    /// <summary>q of an item.</summary>
    /// <param name="extraItems">X; 0 for inBatch.</param>
    internal static double Chance(long count, ItemFrequencies frequencies, int batch, int extraItems) => extraItems == 0
        ? (double)Math.Max(1, count) / frequencies.Total
        : (((double)batch * count / frequencies.Total) + ((double)extraItems / frequencies.Counts.Length)) / (batch + extraItems);

    /// <summary>Draws the extra items of a step and says by what its scores are corrected.</summary>
    /// <param name="users">[B], rows of the encoded users.</param>
    /// <param name="items">[B + X]: the first B are the items of the pairs; the others are overwritten.</param>
    /// <returns>[B, B + X], valid until the next call.</returns>
    public ReadOnlySpan<float> Complete(int step, ReadOnlySpan<int> users, Span<int> items)
    {
        chance.Restart((uint)step);
        for (var j = batch; j < items.Length; j++)
        {
            items[j] = chance.NextInt(first.Length);
        }

        // Where each item is among the candidates, as a chain: a user's few known items are looked up here, not the candidates among them.
        for (var j = items.Length - 1; j >= 0; j--)
        {
            row[j] = itemCorrections[items[j]];
            (next[j], first[items[j]]) = (first[items[j]], j);
        }

        for (var i = 0; i < batch; i++)
        {
            var target = corrections.AsSpan(i * row.Length, row.Length);
            row.CopyTo(target);
            var copies = TakeOut(items[i], target);
            foreach (var known in history.Known(users[i]))
            {
                TakeOut(known, target);
            }

            target[i] = row[i] + MathF.Log(copies);
        }

        foreach (var item in items)
        {
            first[item] = -1;
        }

        return corrections;
    }

    /// <returns>How often the item was there.</returns>
    int TakeOut(int item, Span<float> target)
    {
        var copies = 0;
        for (var j = first[item]; j >= 0; j = next[j])
        {
            target[j] = float.NegativeInfinity;
            copies++;
        }

        return copies;
    }

    static void CheckPairs(TrainingSet set, long[] counts)
    {
        if (counts.Length != set.Items.Count)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"There are {set.Items.Count} items and frequencies of {counts.Length}. `pipeline run --force` makes both anew.");
        }

        foreach (var pairs in new[] { set.Train, set.Validation })
        {
            if (Array.FindIndex(pairs.Labels, label => label <= 0) is var wrong and >= 0)
            {
                throw new PipelineException(
                    ExitCode.InvalidConfiguration,
                    $"Pair {wrong} (user {pairs.Users[wrong]}, item {pairs.Items[wrong]}) is labelled {pairs.Labels[wrong]}. "
                    + "sampledSoftmax learns from things taken only, labelled 1; take loss.kind mse for labelled pairs.");
            }
        }

        if (Array.FindIndex(set.Train.Items, item => counts[item] == 0) is var uncounted and >= 0)
        {
            throw new PipelineException(
                ExitCode.InputMissing,
                $"Training pair {uncounted} has item {set.Train.Items[uncounted]}, whose frequency is 0. `pipeline run --force` makes both anew.");
        }
    }
}
