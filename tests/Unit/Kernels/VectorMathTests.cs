using Pipeline.Kernels;
using Pipeline.Kernels.Simd;

namespace Pipeline.Unit.Kernels;

public sealed class VectorMathTests
{
    // The documented errors. Units in the last place are those of the float next to the exact value.
    [Fact]
    public void Exponential_is_within_its_documented_error() => Within<ExpOf>(1.2, Sweep(-87.3f, 88.3f), Math.Exp);

    [Fact]
    public void Power_of_two_is_within_its_documented_error() => Within<Exp2Of>(2.2, Sweep(-126, 127), x => Math.Pow(2, x));

    [Fact]
    public void Logarithm_is_within_its_documented_error() => Within<Log1pOf>(2, [.. Sweep(0, 1).Where(x => x is >= 0 and <= 1)], Log1p);

    [Fact]
    public void Softplus_is_within_its_documented_error() => Within<SoftplusOf>(2.6, Sweep(-87, 88), x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))));

    [Fact]
    public void Softplus_with_its_derivative_is_within_its_documented_error() =>
        Within<SharedSoftplusOf>(3.8, Sweep(-87, 88), x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))));

    [Fact]
    public void Derivative_of_the_softplus_is_within_its_documented_error() => Within<SharedSigmoidOf>(3.8, Sweep(-87, 88), x => 1 / (1 + Math.Exp(-x)));

    [Fact]
    public void Sigmoid_is_within_its_documented_error() => Within<SigmoidOf>(2.6, Sweep(-87, 88), x => 1 / (1 + Math.Exp(-x)));

    [Fact]
    public void Derivative_of_silu_is_a_few_roundings_of_one_away()
    {
        // 1 - s loses what s was rounded by, 6e-8 at most, and x, which matters up to about 17, multiplies it.
        var x = Sweep(-30, 30);
        var found = Map<SiluSlopeOf, V128>(x);
        for (var i = 0; i < x.Length; i++)
        {
            var s = 1 / (1 + Math.Exp(-x[i]));
            Assert.True(Math.Abs(found[i] - (s * (1 + (x[i] * (1 - s))))) < 2e-6, $"silu'({x[i]}) = {found[i]}.");
        }
    }

    [Fact]
    public void Zero_is_exact()
    {
        Assert.Equal(1, Map<ExpOf, V128>([0])[0]);
        Assert.Equal(1, Map<Exp2Of, V128>([0])[0]);
        Assert.Equal(0, Map<Log1pOf, V128>([0])[0]);
        Assert.Equal(0.5f, Map<SigmoidOf, V128>([0])[0]);
    }

    [Fact]
    public void Beyond_the_range_the_result_stays_finite_and_ordered()
    {
        float[] x = [float.NegativeInfinity, -1e30f, -200, 200, 1e30f, float.PositiveInfinity];
        foreach (var exp in new[] { Map<ExpOf, V128>(x), MapWidest<ExpOf>(x) })
        {
            Assert.All(exp[..3], value => Assert.InRange(value, 0, 1.3e-38f));
            Assert.All(exp[3..], value => Assert.InRange(value, 2e38f, float.MaxValue));
        }

        Assert.All(MapWidest<Exp2Of>([float.NegativeInfinity, -1e30f, -200]), value => Assert.InRange(value, 0, 1.3e-38f));
        Assert.Equal(1e30f, MapWidest<SoftplusOf>([1e30f])[0]);
    }

    [Fact]
    public void Not_a_number_stays_one()
    {
        Assert.All(
            new[] { MapWidest<ExpOf>([float.NaN]), MapWidest<Exp2Of>([float.NaN]), MapWidest<SoftplusOf>([float.NaN]), MapWidest<SigmoidOf>([float.NaN]) },
            result => Assert.True(float.IsNaN(result[0])));
    }

    /// <summary>A million values: half of them evenly spread, half of them over all magnitudes and both signs.</summary>
    static float[] Sweep(float from, float to)
    {
        const int half = 500_000;
        var values = new List<float>();
        for (var i = 0; i <= half; i++)
        {
            values.Add((float)(from + ((to - from) * (double)i / half)));
            var value = BitConverter.Int32BitsToSingle((int)(uint.MaxValue / (double)half * i));
            if (value >= from && value <= to)
            {
                values.Add(value);
            }
        }

        return [.. values];
    }

    static void Within<TFunction>(double units, float[] x, Func<double, double> exact)
        where TFunction : IFunction
    {
        foreach (var found in new[] { Map<TFunction, V128>(x), MapWidest<TFunction>(x) })
        {
            double worst = 0, at = 0;
            for (var i = 0; i < x.Length; i++)
            {
                var expected = exact(x[i]);
                var unit = MathF.BitIncrement((float)Math.Abs(expected)) - (float)Math.Abs(expected);
                var error = Math.Abs(found[i] - expected) / unit;
                (worst, at) = error > worst ? (error, x[i]) : (worst, at);
            }

            Assert.True(worst <= units, $"{worst:F2} units off at {at:R}.");
        }
    }

    static double Log1p(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * x / (1 + x - 1);

    static float[] MapWidest<TFunction>(float[] x)
        where TFunction : IFunction => SimdLevel.Width switch { 16 => Map<TFunction, V512>(x), 8 => Map<TFunction, V256>(x), _ => Map<TFunction, V128>(x) };

    static unsafe float[] Map<TFunction, T>(float[] x)
        where TFunction : IFunction
        where T : struct, IVector<T>
    {
        var y = new float[x.Length];
        fixed (float* source = x, target = y)
        {
            for (var i = 0; i < x.Length; i += T.Width)
            {
                Lanes.Store(TFunction.Of(Lanes.Load<T>(source + i, x.Length - i)), target + i, x.Length - i);
            }
        }

        return y;
    }

    interface IFunction
    {
        static abstract T Of<T>(T x)
            where T : struct, IVector<T>;
    }

    sealed class ExpOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.Exp(x);
    }

    sealed class Exp2Of : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => new Exp2<T>().Of(x);
    }

    sealed class Log1pOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.Log1p(x);
    }

    sealed class SoftplusOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.Softplus(x);
    }

    sealed class SharedSoftplusOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.SoftplusAndSigmoid(x).Softplus;
    }

    sealed class SharedSigmoidOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.SoftplusAndSigmoid(x).Sigmoid;
    }

    sealed class SigmoidOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.Sigmoid(x);
    }

    sealed class SiluSlopeOf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, IVector<T> => VectorMath.SiluDerivative(x, VectorMath.Sigmoid(x));
    }
}
