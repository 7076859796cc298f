using System.Runtime.CompilerServices;

namespace Pipeline.Kernels.Simd;

/// <summary>Loads and stores at the end of a row, where fewer floats are left than a vector has.</summary>
static unsafe class Lanes
{
    /// <summary>The next floats of a row of which left are left; lanes past the end are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(float* source, int left)
        where T : struct, IVector<T>
        => left >= T.Width ? T.Load(source) : T.LoadPartial(source, left);

    /// <summary>Lanes past the end are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T value, float* target, int left)
        where T : struct, IVector<T>
    {
        if (left >= T.Width)
        {
            T.Store(value, target);
        }
        else
        {
            T.StorePartial(value, target, left);
        }
    }

    /// <summary>The first left lanes of a value; 0 in those past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Keep<T>(T value, int left)
        where T : struct, IVector<T>
        => left >= T.Width ? value : KeepFew(value, left);

    static T KeepFew<T>(T value, int left)
        where T : struct, IVector<T>
    {
        var lanes = stackalloc float[T.Width];
        T.StorePartial(value, lanes, left);
        return T.LoadPartial(lanes, left);
    }
}
