using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>How surely each user's own item is told from the other candidates of a batch.</summary>
/// <remarks>
/// <code>
/// product[i,j] = Σ over e of users[i,e] items[j,e]      score[i,j] = product[i,j] / temperature + correction[i,j]
/// p[i,j] = exp(score[i,j]) / Σ over j of exp(score[i,j])      loss = Σ over i of -log p[i,i] / B
/// dproduct[i,j] = (p[i,j] - [i = j]) / (temperature B)      dusers = dproduct items      ditems = dproductᵀ users
/// </code>
/// Source: Bengio and Senécal 2008, "Adaptive importance sampling to accelerate training of a neural probabilistic language model"; with the candidates of a
/// batch Yi et al. 2019, "Sampling-bias-corrected neural modeling for large corpus item recommendations", section 3. There a correction is -log q[j], q[j] the
/// chance of candidate j to be one; -infinity takes it out of the row. The maximum is subtracted, so that no exponential overflows.
/// Keeps p in the place of the products, which <see cref="Linear"/> makes, as it makes the gradients of users and items.
/// </remarks>
static unsafe class SampledSoftmax
{
    // Below it a probability is 0, and not the 1e-38 at which the exponential ends: nothing is learnt from what is taken out.
    const float SmallestExponent = -87;

    /// <summary>Floats of scratch that forward needs: a row of scores.</summary>
    public static int Scratch(int candidates) => Strip.Padded(candidates);

    /// <param name="products">[rows, B + X], overwritten by p.</param>
    /// <param name="corrections">[rows, B + X]</param>
    /// <param name="own">The candidate that is the first row's own; the next one is the next row's.</param>
    /// <param name="losses">[rows], overwritten: -log p of each row's own.</param>
    /// <param name="scratch">Aligned to 64 bytes.</param>
    public static void Forward(MatrixView products, MatrixView corrections, int own, float temperature, float* losses, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(products, corrections, own, temperature, losses, scratch);
                break;
            case 8:
                Forward<V256>(products, corrections, own, temperature, losses, scratch);
                break;
            default:
                Forward<V128>(products, corrections, own, temperature, losses, scratch);
                break;
        }
    }

    /// <param name="probabilities">[rows, B + X], p; overwritten by the gradients of the products.</param>
    /// <param name="own">As in forward.</param>
    /// <param name="scale">1 / (temperature B)</param>
    public static void Backward(MatrixView probabilities, int own, float scale)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(probabilities, own, scale);
                break;
            case 8:
                Backward<V256>(probabilities, own, scale);
                break;
            default:
                Backward<V128>(probabilities, own, scale);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(MatrixView products, MatrixView corrections, int own, float temperature, float* losses, float* scratch)
        where T : struct, IVector<T>
    {
        var count = products.Columns;
        var (factor, smallest) = (T.Create(1 / temperature), T.Create(-SmallestExponent));
        for (var i = 0; i < products.Rows; i++)
        {
            float* p = products.Row(i), correction = corrections.Row(i);
            var largest = T.Create(float.NegativeInfinity);
            for (var j = 0; j < count; j += T.Width)
            {
                var left = count - j;
                T.Store(T.MultiplyAdd(Lanes.Load<T>(p + j, left), factor, Lanes.Load<T>(correction + j, left)), scratch + j);
                if (left < T.Width)
                {
                    new Span<float>(scratch + count, T.Width - left).Fill(float.NegativeInfinity);
                }

                largest = T.Max(largest, T.Load(scratch + j));
            }

            T highest = T.Create(T.MaxLane(largest)), sum = T.Zero;
            for (var j = 0; j < count; j += T.Width)
            {
                var below = T.Load(scratch + j) - highest;
                var value = T.IfPositive(below + smallest, VectorMath.Exp(below), T.Zero);
                Lanes.Store(value, p + j, count - j);
                sum += value;
            }

            var total = T.Sum(sum);
            losses[i] = (float)(Math.Log(total) - ((double)scratch[own + i] - T.MaxLane(largest)));
            Scale<T>(p, count, 1 / total);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(MatrixView probabilities, int own, float scale)
        where T : struct, IVector<T>
    {
        for (var i = 0; i < probabilities.Rows; i++)
        {
            probabilities.Row(i)[own + i] -= 1;
            Scale<T>(probabilities.Row(i), probabilities.Columns, scale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Scale<T>(float* row, int count, float scale)
        where T : struct, IVector<T>
    {
        var factor = T.Create(scale);
        for (var j = 0; j < count; j += T.Width)
        {
            Lanes.Store(Lanes.Load<T>(row + j, count - j) * factor, row + j, count - j);
        }
    }
}
