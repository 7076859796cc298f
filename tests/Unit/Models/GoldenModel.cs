using System.Globalization;
using Pipeline.Features;
using Pipeline.Kernels;
using Pipeline.Models;
using Pipeline.Models.Towers;

namespace Pipeline.Unit.Models;

/// <summary>A model as a file of tests/Golden describes it: its sizes from the metadata, its parameters by name or by formula.</summary>
sealed class GoldenModel
{
    public GoldenModel(string name)
    {
        File = SafeTensors.Read(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.safetensors"));
        var head = File.Metadata["head"].Split(',').Select(Number).ToArray();
        var options = new HeadOptions { HiddenWidth = head[0], EmbeddingWidth = head[1] };
        Options = File.Metadata["tower"] == "mamba"
            ? new MambaOptions
            {
                TokenWidth = Meta("tokenWidth"),
                Layers = Meta("layers"),
                StateWidth = Meta("states"),
                ConvolutionWidth = Meta("convWidth"),
                Head = options,
            }
            : new TransformerOptions
            {
                TokenWidth = Meta("tokenWidth"),
                Layers = Meta("layers"),
                Heads = Meta("heads"),
                FeedForwardWidth = Meta("feedForward"),
                Head = options,
            };
    }

    public SafeTensorsFile File { get; }

    public ITowerOptions Options { get; }

    public float LearningRate => float.Parse(File.Metadata["learningRate"], CultureInfo.InvariantCulture);

    public FeatureSpec Features(string side)
    {
        var cardinalities = File.Metadata[$"{side}.cardinalities"];
        return new FeatureSpec(
            [.. Enumerable.Range(0, Meta($"{side}.numeric")).Select(j => $"n{j}")],
            cardinalities.Length == 0 ? [] : [.. cardinalities.Split(',').Select((cardinality, k) => new CategoryFeature($"c{k}", Number(cardinality)))]);
    }

    /// <summary>The stored rows of features of a side, as a table.</summary>
    public EncodedTable Table(string side)
    {
        var spec = Features(side);
        float[] numeric = spec.Numeric.Count == 0 ? [] : File.Tensors[$"{side}.numeric"].Floats;
        int[] categories = spec.Categories.Count == 0 ? [] : File.Tensors[$"{side}.categories"].Integers;
        var rows = spec.Numeric.Count == 0 ? categories.Length / spec.Categories.Count : numeric.Length / spec.Numeric.Count;
        return new EncodedTable(spec, [.. Enumerable.Range(0, rows).Select(row => $"{row}")], null, numeric, categories);
    }

    /// <summary>Puts the stored parameters, or what their formulas give, into replica 0.</summary>
    public void WriteParameters(IKernels kernels, IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            kernels.Write(
                File.Tensors.TryGetValue(parameter.Name, out var stored) ? stored.Floats : Formula(parameter.Name, parameter.Count), parameter.Value);
        }
    }

    /// <summary>Value i = offset + scale (frac(i φ + k ψ) - 0.5), as tests/Golden/README.md says.</summary>
    float[] Formula(string name, int count)
    {
        var formula = File.Tensors[$"formula.{name}"].Floats;
        double offset = formula[0], scale = formula[1], k = formula[2];
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var position = i * 0.6180339887498949 + k * 0.7548776662466927;
            values[i] = (float)(offset + scale * (position - Math.Floor(position) - 0.5));
        }

        return values;
    }

    int Meta(string key) => Number(File.Metadata[key]);

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
