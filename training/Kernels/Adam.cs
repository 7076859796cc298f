using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>One step of gradient descent whose length adapts to each parameter.</summary>
/// <remarks>
/// <code>
/// m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g²
/// p -= lr / (1 - beta1^t) · m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
/// </code>
/// Source: Kingma and Ba 2015, algorithm 1, with epsilon where PyTorch has it.
/// </remarks>
static unsafe class Adam
{
    /// <param name="parameters">[n], moved.</param>
    /// <param name="gradients">[n]</param>
    /// <param name="firstMoments">[n], updated: m.</param>
    /// <param name="secondMoments">[n], updated: v.</param>
    public static void Step(float* parameters, float* gradients, float* firstMoments, float* secondMoments, int count, in AdamFactors factors)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Step<V512>(parameters, gradients, firstMoments, secondMoments, count, factors);
                break;
            case 8:
                Step<V256>(parameters, gradients, firstMoments, secondMoments, count, factors);
                break;
            default:
                Step<V128>(parameters, gradients, firstMoments, secondMoments, count, factors);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step<T>(float* parameters, float* gradients, float* firstMoments, float* secondMoments, int count, in AdamFactors factors)
        where T : struct, IVector<T>
    {
        var (keep1, take1) = (T.Create(factors.Keep1), T.Create(factors.Take1));
        var (keep2, take2) = (T.Create(factors.Keep2), T.Create(factors.Take2));
        var (step, root, epsilon) = (T.Create(factors.StepLength), T.Create(factors.RootScale), T.Create(factors.Epsilon));
        for (var i = 0; i < count; i += T.Width)
        {
            var left = count - i;
            var g = Lanes.Load<T>(gradients + i, left);
            var m = T.MultiplyAdd(take1, g, keep1 * Lanes.Load<T>(firstMoments + i, left));
            var v = T.MultiplyAdd(take2 * g, g, keep2 * Lanes.Load<T>(secondMoments + i, left));
            var p = Lanes.Load<T>(parameters + i, left) - (step * (m / T.MultiplyAdd(T.Sqrt(v), root, epsilon)));
            Lanes.Store(p, parameters + i, left);
            Lanes.Store(m, firstMoments + i, left);
            Lanes.Store(v, secondMoments + i, left);
        }
    }
}

/// <summary>What the rates and the number of the step amount to; the powers are computed in double.</summary>
readonly struct AdamFactors
{
    /// <param name="step">t, counted from 1.</param>
    public AdamFactors(in AdamRates rates, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        (Keep1, Take1) = ((float)rates.Beta1, (float)(1 - rates.Beta1));
        (Keep2, Take2) = ((float)rates.Beta2, (float)(1 - rates.Beta2));
        StepLength = (float)(rates.LearningRate / (1 - Math.Pow(rates.Beta1, step)));
        RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(rates.Beta2, step)));
        Epsilon = (float)rates.Epsilon;
    }

    public float Keep1 { get; }

    public float Take1 { get; }

    public float Keep2 { get; }

    public float Take2 { get; }

    public float StepLength { get; }

    public float RootScale { get; }

    public float Epsilon { get; }
}
