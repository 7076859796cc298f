using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>2^x for a loop, whose constants stay in registers.</summary>
/// <remarks>Source as <see cref="VectorMath"/>.</remarks>
readonly struct Exp2<T>
    where T : struct, IVector<T>
{
    readonly T smallest;
    readonly T c5;
    readonly T c4;
    readonly T c3;
    readonly T c2;
    readonly T c1;
    readonly T c0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Exp2()
    {
        var terms = Exp2Terms.Values;
        smallest = T.Create(terms[0]);
        c5 = T.Create(terms[1]);
        c4 = T.Create(terms[2]);
        c3 = T.Create(terms[3]);
        c2 = T.Create(terms[4]);
        c1 = T.Create(terms[5]);
        c0 = T.Create(terms[6]);
    }

    /// <summary>2^x for x up to 127, within 2.2 units in the last place: shorter than <see cref="VectorMath.Exp{T}"/>. Below -126 it is 2^-126.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of(T x)
    {
        x = T.AtLeast(x, smallest);
        var n = T.Round(x);
        var f = x - n;
        var p = T.MultiplyAdd(c5, f, c4);
        p = T.MultiplyAdd(p, f, c3);
        p = T.MultiplyAdd(p, f, c2);
        p = T.MultiplyAdd(p, f, c1);
        p = T.MultiplyAdd(p, f, c0);
        return T.Scale(p, n);
    }
}

static class Exp2Terms
{
    /// <summary>The smallest exponent, then the polynomial from its highest power down.</summary>
    /// <remarks>In memory, as the JIT would load a constant again at each use: seven loads, and the scan's loops wait for loads already.</remarks>
    public static readonly float[] Values = [-126, 0.00132647273f, 0.00967151299f, 0.0555073358f, 0.240222424f, 0.693147004f, 1];
}
