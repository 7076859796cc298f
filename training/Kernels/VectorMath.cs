using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Exponentials and what is made of them, a vector at a time. NaN stays NaN.</summary>
/// <remarks>
/// Source: range reduction with a constant in two parts as in Cody and Waite 1980; the polynomials are our own minimax fits, with the
/// constant term held at 1, so that e⁰ = 2⁰ = 1 exactly. The errors given are the largest against double over a million arguments, which a test repeats.
/// </remarks>
static class VectorMath
{
    /// <summary>log₂ e: 2^(x log₂ e) = e^x.</summary>
    public const float Log2OfE = 1.44269504f;

    /// <summary>ln 2.</summary>
    public const float Ln2 = 0.693147181f;

    // 355/512 times a whole number below 2^15 is exact, so that the reduction is exact even without a fused multiply-add.
    const float Ln2High = 0.693359375f;
    const float Ln2Low = -2.12194440e-4f;

    const float SmallestExpArgument = -87.33f;
    const float LargestExpArgument = 88.37f;

    /// <summary>e^x within 1.2 units in the last place; x is clamped to -87.33 .. 88.37 (1.2e-38 .. 2.4e38).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, IVector<T>
    {
        x = T.AtMost(T.AtLeast(x, T.Create(SmallestExpArgument)), T.Create(LargestExpArgument));
        var n = T.Round(x * T.Create(Log2OfE));
        var r = T.MultiplyAdd(n, T.Create(-Ln2High), x);
        r = T.MultiplyAdd(n, T.Create(-Ln2Low), r);
        var p = T.MultiplyAdd(T.Create(0.00138436467f), r, T.Create(0.00837416109f));
        p = T.MultiplyAdd(p, r, T.Create(0.0416680016f));
        p = T.MultiplyAdd(p, r, T.Create(0.166664317f));
        p = T.MultiplyAdd(p, r, T.Create(0.49999994f));
        p = T.MultiplyAdd(p * r, r, r) + T.Create(1);
        return T.Scale(p, n);
    }

    /// <summary>ln(1 + x) for 0 &lt;= x &lt;= 1, within 2 units in the last place.</summary>
    /// <remarks>2 artanh(x / (2 + x)), whose argument is at most 1/3.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T x)
        where T : struct, IVector<T> => TwiceArtanh(x / (x + T.Create(2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T TwiceArtanh<T>(T s)
        where T : struct, IVector<T>
    {
        var q = s * s;
        var p = T.MultiplyAdd(T.Create(0.121504664f), q, T.Create(0.107138291f));
        p = T.MultiplyAdd(p, q, T.Create(0.143084422f));
        p = T.MultiplyAdd(p, q, T.Create(0.199994385f));
        p = T.MultiplyAdd(p, q, T.Create(0.333333373f));
        s += s;
        return T.MultiplyAdd(p * q, s, s);
    }

    /// <summary>ln(1 + e^x) within 2.6 units in the last place, at least 1.2e-38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x)
        where T : struct, IVector<T> => T.AtLeast(x, T.Zero) + Log1p(Exp(-T.Abs(x)));

    /// <summary>Softplus and its derivative, the sigmoid, each within 3.8 units in the last place: they share the exponential and a division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Softplus, T Sigmoid) SoftplusAndSigmoid<T>(T x)
        where T : struct, IVector<T>
    {
        var e = Exp(-T.Abs(x));
        T one = T.Create(1), below = one + e, above = e + T.Create(2);
        var inverse = one / (below * above);
        return (T.AtLeast(x, T.Zero) + TwiceArtanh(e * below * inverse), T.IfPositive(x, one, e) * above * inverse);
    }

    /// <summary>1 / (1 + e^-x) within 2.6 units in the last place, at least 4e-39.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, IVector<T>
    {
        var one = T.Create(1);
        return one / (one + Exp(-x));
    }

    /// <summary>x sigmoid(x) for finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Silu<T>(T x)
        where T : struct, IVector<T> => x * Sigmoid(x);

    /// <summary>The derivative of <see cref="Silu{T}"/> at x, given the sigmoid of x: s (1 + x (1 - s)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SiluDerivative<T>(T x, T sigmoid)
        where T : struct, IVector<T> => T.MultiplyAdd(x * (T.Create(1) - sigmoid), sigmoid, sigmoid);
}
