namespace Pipeline.Unit.Kernels;

/// <summary>Numbers to test kernels with, and what to compare them with: double arithmetic and central differences.</summary>
static class Numeric
{
    /// <summary>Uniform on -1 .. 1, in steps that a float holds; the same for the same seed.</summary>
    public static float[] Uniform(int count, int seed)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (Mix(((ulong)(uint)seed << 32) | (uint)i) >> 40) / (float)(1 << 23) - 1;
        }

        return values;
    }

    /// <summary>Whole numbers uniform on 0 .. limit - 1.</summary>
    public static int[] Whole(int count, int limit, int seed)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (int)(Mix(((ulong)(uint)seed << 32) | (uint)i) % (uint)limit);
        }

        return values;
    }

    public static double[] Double(float[] values) => Array.ConvertAll(values, value => (double)value);

    /// <summary>
    /// The gradient of a loss by central differences in double. With a step of 1e-5 both its errors, of the order h² and 1e-16 / h, are below 1e-9:
    /// nothing beside what a float kernel may be off by.
    /// </summary>
    public static double[] Gradient(Func<double> loss, double[] at)
    {
        const double h = 1e-5;
        var gradient = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var value = at[i];
            at[i] = value + h;
            var above = loss();
            at[i] = value - h;
            var below = loss();
            at[i] = value;
            gradient[i] = (above - below) / (2 * h);
        }

        return gradient;
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <param name="tolerance">As a share of the largest expected number, or of 1 if that is larger.</param>
    public static void Close(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        var allowed = tolerance * Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"At {i}: expected {expected[i]} within {allowed}, found {actual[i]}.");
        }
    }

    /// <summary>SplitMix64's finaliser.</summary>
    static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
