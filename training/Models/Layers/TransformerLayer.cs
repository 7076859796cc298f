using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>One layer of FT-Transformer: attention and feed-forward, each with a residual and a LayerNorm after it.</summary>
/// <remarks>
/// <code>n = LayerNorm(x + W_o attention(x))       out = LayerNorm(n + W_2 relu(W_1 n + b_1) + b_2)</code>
/// Source: Vaswani et al. 2017, section 3.1 (post-norm); Starnes and Webster, figure 1(b).
/// </remarks>
public sealed class TransformerLayer : ILayer
{
    readonly LayerScope scope;
    readonly bool isLastTokenOnly;
    readonly int width, heads;
    readonly Parameter inProjection, inBias;
    readonly LinearLayer outProjection, expand, contract;
    readonly NormLayer attentionNorm, outputNorm;
    readonly Tensor projected, query, attended, probabilities;
    readonly Tensor dprojected, dquery, dattended, dhidden, dnormed, dresidual, dx;
    Tensor input;

    /// <param name="scope">Names the layer's parameters.</param>
    /// <param name="options">Widths and heads.</param>
    /// <param name="isLastTokenOnly">True for a tower's last layer.</param>
    public TransformerLayer(LayerScope scope, Towers.TransformerOptions options, bool isLastTokenOnly)
    {
        this.scope = scope;
        this.isLastTokenOnly = isLastTokenOnly;
        (width, heads) = (options.TokenWidth, options.Heads);
        int c = width, f = options.FeedForwardWidth, tokens = scope.Tokens, outputs = isLastTokenOnly ? 1 : tokens;

        inProjection = scope.Parameter("self_attn.in_proj.weight", [3 * c, c], Initialisers.Xavier(c, 3 * c), isOverwritten: true);
        inBias = scope.Parameter("self_attn.in_proj.bias", [3 * c], Initialisers.Zeros, isOverwritten: true);
        outProjection = new LinearLayer(scope.Below("self_attn.out_proj"), c, c, outputs, biasInitialiser: Initialisers.Zeros);
        expand = new LinearLayer(scope.Below("linear1"), c, f, outputs, Activation.Relu);
        contract = new LinearLayer(scope.Below("linear2"), f, c, outputs);
        attentionNorm = new NormLayer(scope.Below("norm1"), c, outputs);
        outputNorm = new NormLayer(scope.Below("norm2"), c, outputs);

        projected = scope.Keep(tokens, 3 * c);
        query = isLastTokenOnly ? scope.Keep(1, c) : projected.SliceColumns(0, c);
        attended = scope.Keep(outputs, c);
        probabilities = scope.Keep(outputs, heads * tokens);

        var suffix = isLastTokenOnly ? "-last" : "";
        dprojected = scope.Share("dprojected", tokens, 3 * c);
        dquery = isLastTokenOnly ? scope.Share("dquery-last", 1, c) : dprojected.SliceColumns(0, c);
        dattended = scope.Share("dattended" + suffix, outputs, c);
        dhidden = scope.Share("dhidden" + suffix, outputs, f);
        dnormed = scope.Share("dnormed" + suffix, outputs, c);
        dresidual = scope.Share("dresidual" + suffix, outputs, c);
        dx = scope.Share("dx", tokens, c);
    }

    public Tensor Forward(Tensor x)
    {
        input = x;
        var kernels = scope.Kernels;
        var rows = x.Rows;
        var last = isLastTokenOnly ? x.LastOfEvery(scope.Tokens) : x;
        if (isLastTokenOnly)
        {
            kernels.LinearForward(x, KvRows(inProjection.Value), KvColumns(inBias.Value), Activation.None, KvColumns(projected.SliceRows(0, rows)));
            kernels.LinearForward(last, QueryRows(inProjection.Value), QueryColumns(inBias.Value), Activation.None, query.SliceRows(0, last.Rows));
        }
        else
        {
            kernels.LinearForward(x, inProjection.Value, inBias.Value, Activation.None, projected.SliceRows(0, rows));
        }

        var attention = attended.SliceRows(0, last.Rows);
        kernels.AttentionForward(
            query.SliceRows(0, last.Rows), Keys(projected, rows), Values(projected, rows), heads, scope.Tokens,
            attention, probabilities.SliceRows(0, last.Rows));
        var normed = attentionNorm.Forward(outProjection.Forward(attention), last);
        return outputNorm.Forward(contract.Forward(expand.Forward(normed)), normed);
    }

    public Tensor Backward(Tensor dy)
    {
        var kernels = scope.Kernels;
        int rows = input.Rows, outputs = dy.Rows;

        // The gradient of the sum is the residual's share of dnormed; the feed-forward's share is added to it.
        Tensor normed = dnormed.SliceRows(0, outputs), residual = dresidual.SliceRows(0, outputs), hidden = dhidden.SliceRows(0, outputs);
        outputNorm.Backward(dy, normed);
        contract.Backward(normed, hidden);
        expand.Backward(hidden, normed, add: true);
        attentionNorm.Backward(normed, residual);

        var dattention = dattended.SliceRows(0, outputs);
        outProjection.Backward(residual, dattention);
        kernels.AttentionBackward(
            dattention, query.SliceRows(0, outputs), Keys(projected, rows), Values(projected, rows), probabilities.SliceRows(0, outputs),
            heads, scope.Tokens, dquery.SliceRows(0, outputs), Keys(dprojected, rows), Values(dprojected, rows));
        return BackwardInput(rows, outputs, residual);
    }

    Tensor BackwardInput(int rows, int outputs, Tensor residual)
    {
        var kernels = scope.Kernels;
        var dqkv = dprojected.SliceRows(0, rows);
        if (!isLastTokenOnly)
        {
            kernels.LinearBackwardWeight(dqkv, input, inProjection.Gradient, inBias.Gradient, add: false);
            kernels.LinearBackwardInput(dqkv, inProjection.Value, residual, add: true);
            return residual;
        }

        var result = dx.SliceRows(0, rows);
        Tensor lastInput = input.LastOfEvery(scope.Tokens), lastResult = result.LastOfEvery(scope.Tokens), dq = dquery.SliceRows(0, outputs);
        kernels.LinearBackwardWeight(KvColumns(dqkv), input, KvRows(inProjection.Gradient), KvColumns(inBias.Gradient), add: false);
        kernels.LinearBackwardWeight(dq, lastInput, QueryRows(inProjection.Gradient), QueryColumns(inBias.Gradient), add: false);
        kernels.LinearBackwardInput(KvColumns(dqkv), KvRows(inProjection.Value), result, add: false);
        kernels.LinearBackwardInput(dq, QueryRows(inProjection.Value), lastResult, add: true);
        kernels.Add(residual, lastResult);
        return result;
    }

    Tensor Keys(Tensor qkv, int rows) => qkv.SliceRows(0, rows).SliceColumns(width, width);

    Tensor Values(Tensor qkv, int rows) => qkv.SliceRows(0, rows).SliceColumns(2 * width, width);

    Tensor QueryRows(Tensor weight) => weight.SliceRows(0, width);

    Tensor KvRows(Tensor weight) => weight.SliceRows(width, 2 * width);

    Tensor QueryColumns(Tensor qkv) => qkv.SliceColumns(0, width);

    Tensor KvColumns(Tensor qkv) => qkv.SliceColumns(width, 2 * width);
}
