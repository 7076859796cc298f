using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>Fills a fresh parameter. Chance of its own stream, so that adding a parameter leaves the others as they were.</summary>
public delegate void Initialiser(RandomStream chance, Span<float> values);

/// <summary>The initialisations that the towers use.</summary>
public static class Initialisers
{
    public static Initialiser Zeros { get; } = (_, values) => values.Clear();

    public static Initialiser Ones { get; } = (_, values) => values.Fill(1);

    /// <summary>Uniform in [-bound, bound).</summary>
    public static Initialiser Uniform(double bound) => (chance, values) =>
    {
        foreach (ref var value in values)
        {
            value = (float)(bound * (2 * chance.NextDouble() - 1));
        }
    };

    /// <summary>Weights and biases of a Linear layer: He et al. 2015 with a = sqrt 5, which is uniform within 1 / sqrt(fan in).</summary>
    public static Initialiser Linear(int inputs) => Uniform(1 / Math.Sqrt(inputs));

    /// <summary>Glorot and Bengio 2010, eq. 16.</summary>
    public static Initialiser Xavier(int inputs, int outputs) => Uniform(Math.Sqrt(6.0 / (inputs + outputs)));

    /// <summary>log n in row n of [N, D], n = 1 .. N (Gu and Dao 2023, "S4D-Real").</summary>
    public static Initialiser StateDecay(int states) => (_, values) =>
    {
        var width = values.Length / states;
        for (var n = 0; n < states; n++)
        {
            values.Slice(n * width, width).Fill((float)Math.Log(n + 1));
        }
    };

    /// <summary>Such that softplus of it is log-uniform in [0.001, 0.1], and at least 0.0001 (Gu and Dao 2023, section 3.6).</summary>
    public static Initialiser StepSize { get; } = (chance, values) =>
    {
        double low = Math.Log(0.001), high = Math.Log(0.1);
        foreach (ref var value in values)
        {
            var step = Math.Max(Math.Exp(low + chance.NextDouble() * (high - low)), 1e-4);

            // The inverse of softplus: x = step + log(1 - exp(-step)).
            value = (float)(step + Math.Log(-double.ExpM1(-step)));
        }
    };
}
