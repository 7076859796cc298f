using Pipeline.Features;
using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>Turns a row of features into tokens: numeric x_j w_j + b_j, categorical W_j[x_j] + b_j, and [CLS] last.</summary>
/// <remarks>
/// Source: Starnes and Webster, eq. 1 and 2; initialisation of Gorishniy et al. 2021, uniform within 1 / sqrt(C).
/// </remarks>
public sealed class TokenizerLayer
{
    readonly IKernels kernels;
    readonly int tokensPerSample;
    readonly Parameter weight, bias;
    readonly Parameter? table;
    readonly Tensor tokens;
    Tensor numeric;
    IndexTensor categories;

    /// <param name="scope">Names the parameters "weight", "table" and "bias" below it.</param>
    /// <param name="features">J numeric and Q categorical features.</param>
    /// <param name="width">C</param>
    public TokenizerLayer(LayerScope scope, FeatureSpec features, int width)
    {
        kernels = scope.Kernels;
        tokensPerSample = features.Tokens;
        var uniform = Initialisers.Uniform(1 / Math.Sqrt(width));
        weight = scope.Parameter("weight", [features.Numeric.Count + 1, width], uniform);
        if (features.Categories.Count > 0)
        {
            table = scope.Parameter("table", [features.Categories.Sum(category => category.Cardinality), width], uniform);
        }

        bias = scope.Parameter("bias", [features.Tokens, width], uniform);
        tokens = scope.Keep(features.Tokens, width);
    }

    /// <param name="numeric">[R, B, J] or None; kept until backward, as the categories.</param>
    /// <param name="categories">[R, B, Q], rows of the table, or None.</param>
    /// <param name="batch">B</param>
    /// <returns>[R, B L, C]</returns>
    public Tensor Forward(Tensor numeric, IndexTensor categories, int batch)
    {
        (this.numeric, this.categories) = (numeric, categories);
        var result = tokens.SliceRows(0, batch * tokensPerSample);
        kernels.TokenizerForward(numeric, categories, weight.Value, table?.Value ?? Tensor.None, bias.Value, result);
        return result;
    }

    public void Backward(Tensor dtokens) =>
        kernels.TokenizerBackward(dtokens, numeric, categories, weight.Gradient, table?.Gradient ?? Tensor.None, bias.Gradient);
}
