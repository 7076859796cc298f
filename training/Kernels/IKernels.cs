namespace Pipeline.Kernels;

/// <summary>What is applied to the result of a product.</summary>
public enum Activation
{
    None,
    Relu,
}

/// <summary>
/// The seam between models and devices. Every call works on all replicas; a parameter has as many replicas as the activations.
/// Shapes as in README.md. Row counts may be smaller than what was allocated: pass views.
/// </summary>
public interface IKernels : IDisposable
{
    /// <summary>Zeroed floats; each replica starts at an address that suits the device. Freed with this object.</summary>
    Tensor Allocate(int replicas, int rows, int columns);

    /// <summary>Zeroed whole numbers. Freed with this object.</summary>
    IndexTensor AllocateIndices(int replicas, int rows, int columns);

    /// <param name="values">[Rows, Columns] of the target's only replica.</param>
    void Write(ReadOnlySpan<float> values, Tensor target);

    /// <param name="values">Up to [Rows, Columns] of the target's only replica.</param>
    void Write(ReadOnlySpan<int> values, IndexTensor target);

    /// <param name="values">[Rows, Columns] of the source's only replica, overwritten.</param>
    void Read(Tensor source, Span<float> values);

    void Clear(Tensor x);

    /// <summary>y += x</summary>
    void Add(Tensor x, Tensor y);

    /// <param name="numeric">[R, B, J]; None if J is 0.</param>
    /// <param name="categories">[R, B, Q], rows of the table; None if Q is 0.</param>
    /// <param name="weight">[R, J + 1, C]; the last row is [CLS].</param>
    /// <param name="table">[R, all categories of all features, C]; None if Q is 0.</param>
    /// <param name="bias">[R, J + Q + 1, C]</param>
    /// <param name="tokens">[R, B (J + Q + 1), C], overwritten: numeric, categorical, [CLS].</param>
    void TokenizerForward(Tensor numeric, IndexTensor categories, Tensor weight, Tensor table, Tensor bias, Tensor tokens);

    void TokenizerBackward(Tensor dtokens, Tensor numeric, IndexTensor categories, Tensor dweight, Tensor dtable, Tensor dbias);

    /// <summary>y = activation(x wᵀ + bias)</summary>
    /// <param name="x">[R, M, K]</param>
    /// <param name="w">[R, N, K]</param>
    /// <param name="bias">[R, 1, N] or None.</param>
    /// <param name="y">[R, M, N], overwritten.</param>
    void LinearForward(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor y);

    /// <summary>dx = dy w, or dx += dy w.</summary>
    void LinearBackwardInput(Tensor dy, Tensor w, Tensor dx, bool add);

    /// <summary>dw = dyᵀ x and dbias = column sums of dy, or both added.</summary>
    /// <param name="dbias">[R, 1, N] or None.</param>
    void LinearBackwardWeight(Tensor dy, Tensor x, Tensor dw, Tensor dbias, bool add = true);

    /// <summary>dy = y > 0 ? dy : 0, in place.</summary>
    void ReluBackward(Tensor y, Tensor dy);

    /// <summary>y = normalise(x + residual) gamma + beta</summary>
    /// <param name="residual">As x, or None.</param>
    /// <param name="mean">[R, M, 1], overwritten; read by backward, as is rstd.</param>
    void LayerNormForward(Tensor x, Tensor residual, Tensor gamma, Tensor beta, Tensor y, Tensor mean, Tensor rstd);

    /// <param name="dx">The gradient of x, which is the residual's too.</param>
    void LayerNormBackward(Tensor dy, Tensor x, Tensor residual, Tensor gamma, Tensor mean, Tensor rstd, Tensor dx, Tensor dgamma, Tensor dbeta);

    /// <summary>y = silu(causal depthwise convolution of x), sample by sample.</summary>
    /// <param name="x">[R, B L, D]</param>
    /// <param name="w">[R, W, D]; row W - 1 weighs the token itself, row W - 2 the one before.</param>
    /// <param name="bias">[R, 1, D]</param>
    /// <param name="tokens">L</param>
    void ConvSiluForward(Tensor x, Tensor w, Tensor bias, int tokens, Tensor y);

    void ConvSiluBackward(Tensor dy, Tensor x, Tensor w, Tensor bias, int tokens, Tensor dx, Tensor dw, Tensor dbias);

    /// <summary>y = (selective scan of u + skip u) silu(z)</summary>
    /// <param name="y">[R, B L, D], or [R, B, D] for the last token alone; z has as many rows. Overwritten.</param>
    void ScanForward(in ScanTensors inputs, int tokens, Tensor y);

    /// <param name="gradients">Of u, dt, b, c and z overwritten; of aLog and skip added to.</param>
    void ScanBackward(Tensor dy, in ScanTensors inputs, int tokens, in ScanTensors gradients);

    /// <summary>y = softmax(q kᵀ / sqrt(C / H)) v, per sample and head.</summary>
    /// <param name="q">[R, B L, C], or [R, B, C] for the last token alone; y has as many rows.</param>
    /// <param name="k">[R, B L, C], as v.</param>
    /// <param name="probabilities">[R, rows of q, H L], overwritten; read by backward.</param>
    void AttentionForward(Tensor q, Tensor k, Tensor v, int heads, int tokens, Tensor y, Tensor probabilities);

    void AttentionBackward(Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, int heads, int tokens, Tensor dq, Tensor dk, Tensor dv);

    /// <summary>score[b] = users[b] · items[b]; loss = mean (score - target)²; and the gradients of both embeddings.</summary>
    /// <param name="targets">[R, B, 1]</param>
    /// <param name="scores">[R, B, 1], overwritten.</param>
    /// <param name="loss">[R, 1, 1], overwritten.</param>
    void SquaredErrorLoss(Tensor users, Tensor items, Tensor targets, Tensor scores, Tensor loss, Tensor dusers, Tensor ditems);

    /// <summary>
    /// score[i,j] = users[i] · items[j] / temperature + corrections[i,j]; loss = mean over i of -log softmax(score[i])[i]; and the gradients of both embeddings.
    /// </summary>
    /// <param name="items">[R, B + X, E]: each user's own item, then those of nobody.</param>
    /// <param name="corrections">[R, B, B + X]; -infinity where an item is no candidate of a user, which its own must be.</param>
    /// <param name="dproducts">[R, B, B + X], overwritten: the gradients of users[i] · items[j].</param>
    /// <param name="loss">[R, 1, 1], overwritten.</param>
    void SampledSoftmaxLoss(
        Tensor users, Tensor items, Tensor corrections, float temperature, Tensor dproducts, Tensor loss, Tensor dusers, Tensor ditems);

    /// <summary>One step of Adam over a flat block.</summary>
    /// <param name="step">Counted from 1.</param>
    void AdamStep(Tensor parameters, Tensor gradients, Tensor firstMoments, Tensor secondMoments, in AdamRates rates, long step);
}

/// <summary>What the selective scan reads, or the gradients of it.</summary>
/// <param name="U">[R, B L, D]</param>
/// <param name="Dt">[R, B L, D], before the softplus.</param>
/// <param name="ALog">[R, N, D]; A = -exp(ALog).</param>
/// <param name="B">[R, B L, N]</param>
/// <param name="C">[R, B L, N]</param>
/// <param name="Skip">[R, 1, D]</param>
/// <param name="Z">[R, B L, D] or [R, B, D]: the gate, before its SiLU.</param>
public readonly record struct ScanTensors(Tensor U, Tensor Dt, Tensor ALog, Tensor B, Tensor C, Tensor Skip, Tensor Z);

/// <summary>Source: Kingma and Ba 2015, algorithm 1.</summary>
public readonly record struct AdamRates(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8);
