using Pipeline.Features;
using Pipeline.Kernels;
using Pipeline.Models.Layers;
using Pipeline.Models.Towers;

namespace Pipeline.Models;

/// <summary>Features in, an embedding out: tokenizer, layers, head. Only the [CLS] token leaves the layers.</summary>
public sealed class Tower
{
    readonly TokenizerLayer tokenizer;
    readonly IReadOnlyList<ILayer> layers;
    readonly LinearLayer hidden, output;
    readonly Tensor dhidden, dcls;

    public Tower(LayerScope scope, ITowerOptions options, FeatureSpec features)
    {
        int c = options.TokenWidth, h = options.Head.HiddenWidth;
        tokenizer = new TokenizerLayer(scope.Below("tokenizer"), features, c);
        layers = options.BuildLayers(scope);
        hidden = new LinearLayer(scope.Below("head.0"), c, h, 1, Activation.Relu);
        output = new LinearLayer(scope.Below("head.1"), h, options.Head.EmbeddingWidth, 1, options.Head.OutputActivation);
        dhidden = scope.Share("dhead", 1, h);
        dcls = scope.Share("dcls", 1, c);
    }

    /// <param name="numeric">[R, B, J] or None.</param>
    /// <param name="categories">[R, B, Q], rows of the table, or None.</param>
    /// <param name="batch">B</param>
    /// <returns>[R, B, E], valid until the next call.</returns>
    public Tensor Forward(Tensor numeric, IndexTensor categories, int batch)
    {
        var x = tokenizer.Forward(numeric, categories, batch);
        for (var i = 0; i < layers.Count; i++)
        {
            x = layers[i].Forward(x);
        }

        return output.Forward(hidden.Forward(x));
    }

    /// <param name="dy">[R, B, E]; may be overwritten.</param>
    public void Backward(Tensor dy)
    {
        output.Backward(dy, dhidden.SliceRows(0, dy.Rows));
        hidden.Backward(dhidden.SliceRows(0, dy.Rows), dcls.SliceRows(0, dy.Rows));
        var dx = dcls.SliceRows(0, dy.Rows);
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            dx = layers[i].Backward(dx);
        }

        tokenizer.Backward(dx);
    }
}
