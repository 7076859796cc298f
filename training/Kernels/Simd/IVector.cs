namespace Pipeline.Kernels.Simd;

/// <summary>
/// A vector of floats of some width. Kernels are written once, generic over it; the JIT makes a version per width with no call
/// left in it. <see cref="SimdLevel"/> picks the widest that the processor has and the environment allows.
/// </summary>
unsafe interface IVector<T>
    where T : struct, IVector<T>
{
    static abstract int Width { get; }

    static abstract T Zero { get; }

    static abstract T Create(float value);

    static abstract T Load(float* source);

    static abstract void Store(T value, float* target);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T a);

    /// <summary>a b + c, with one rounding where the processor can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Max(T a, T b);

    static abstract T Min(T a, T b);

    /// <summary>x where it is above the bound, else the bound; NaN stays NaN. One instruction, where <see cref="Max"/> takes several.</summary>
    static abstract T AtLeast(T x, T bound);

    /// <summary>x where it is below the bound, else the bound; NaN stays NaN.</summary>
    static abstract T AtMost(T x, T bound);

    static abstract T Abs(T a);

    static abstract T Sqrt(T a);

    /// <summary>To the nearest whole number, halves to even.</summary>
    static abstract T Round(T a);

    /// <summary>x 2^n for whole n; n within -126 .. 127.</summary>
    static abstract T Scale(T x, T n);

    /// <summary>condition > 0 ? a : b, lane by lane; false for NaN.</summary>
    static abstract T IfPositive(T condition, T a, T b);

    /// <summary>Whether any lane is above 0; false for NaN.</summary>
    static abstract bool AnyPositive(T a);

    /// <summary>Sum of the lanes, always in the same order.</summary>
    static abstract float Sum(T a);

    static abstract float MaxLane(T a);

    /// <summary>The first count lanes from memory, the others 0. 0 &lt;= count &lt;= Width.</summary>
    static abstract T LoadPartial(float* source, int count);

    static abstract void StorePartial(T value, float* target, int count);
}
