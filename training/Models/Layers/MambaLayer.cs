using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>
/// One layer of FT-Mamba: projection, convolution, selective scan, gate, projection, and a LayerNorm at the end; no residual.
/// </summary>
/// <remarks>
/// <code>
/// [x|z] = W_in u       x = silu(conv(x))       [dt|B|C] = W_x x       dt = W_dt dt + b_dt
/// y = (scan(x, softplus(dt), A, B, C) + D x) silu(z)       out = LayerNorm(W_out y)
/// </code>
/// Source: Starnes and Webster, "Mamba for Scalable and Efficient Personalized Recommendations", figure 1(a); Gu and Dao 2023.
/// </remarks>
public sealed class MambaLayer : ILayer
{
    readonly LayerScope scope;
    readonly bool isLastTokenOnly;
    readonly int width, stepRank, states;
    readonly Parameter inProjection, convolution, convolutionBias, scanProjection, stepProjection, stepBias, decay, skip, outProjection;
    readonly NormLayer norm;
    readonly Tensor projected, gate, u, scanInputs, steps, gated, output;
    readonly Tensor dprojected, dgate, du, dscanInputs, dsteps, dgated, doutput, dx;
    Tensor input;

    /// <param name="scope">Names the layer's parameters.</param>
    /// <param name="options">Widths.</param>
    /// <param name="isLastTokenOnly">True for a tower's last layer.</param>
    public MambaLayer(LayerScope scope, Towers.MambaOptions options, bool isLastTokenOnly)
    {
        this.scope = scope;
        this.isLastTokenOnly = isLastTokenOnly;
        int c = options.TokenWidth, d = options.InnerWidth, n = options.StateWidth, r = options.StepRank, w = options.ConvolutionWidth;
        (width, stepRank, states) = (d, r, n);

        inProjection = scope.Parameter("in_proj.weight", [2 * d, c], Initialisers.Linear(c), isOverwritten: true);
        convolution = scope.Parameter("conv.weight", [w, d], Initialisers.Linear(w));
        convolutionBias = scope.Parameter("conv.bias", [d], Initialisers.Linear(w));
        scanProjection = scope.Parameter("x_proj.weight", [r + 2 * n, d], Initialisers.Linear(d), isOverwritten: true);
        stepProjection = scope.Parameter("dt_proj.weight", [d, r], Initialisers.Uniform(Math.Pow(r, -0.5)), isOverwritten: true);
        stepBias = scope.Parameter("dt_proj.bias", [d], Initialisers.StepSize, isOverwritten: true);
        decay = scope.Parameter("A_log", [n, d], Initialisers.StateDecay(n));
        skip = scope.Parameter("D", [d], Initialisers.Ones);
        outProjection = scope.Parameter("out_proj.weight", [c, d], Initialisers.Linear(d), isOverwritten: true);

        int tokens = scope.Tokens, outputs = isLastTokenOnly ? 1 : tokens;
        projected = scope.Keep(tokens, 2 * d);
        gate = isLastTokenOnly ? scope.Keep(1, d) : projected.SliceColumns(d, d);
        u = scope.Keep(tokens, d);
        scanInputs = scope.Keep(tokens, r + 2 * n);
        steps = scope.Keep(tokens, d);
        gated = scope.Keep(outputs, d);
        output = scope.Keep(outputs, c);
        norm = new NormLayer(scope.Below("norm"), c, outputs);

        var suffix = isLastTokenOnly ? "-last" : "";
        dprojected = scope.Share("dprojected", tokens, 2 * d);
        dgate = isLastTokenOnly ? scope.Share("dgate-last", 1, d) : dprojected.SliceColumns(d, d);
        du = scope.Share("du", tokens, d);
        dscanInputs = scope.Share("dscanInputs", tokens, r + 2 * n);
        dsteps = scope.Share("dsteps", tokens, d);
        dgated = scope.Share("dgated" + suffix, outputs, d);
        doutput = scope.Share("doutput" + suffix, outputs, c);
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
            kernels.LinearForward(x, XWeight(inProjection.Value), Tensor.None, Activation.None, X(projected, rows));
            kernels.LinearForward(last, ZWeight(inProjection.Value), Tensor.None, Activation.None, gate.SliceRows(0, last.Rows));
        }
        else
        {
            kernels.LinearForward(x, inProjection.Value, Tensor.None, Activation.None, projected.SliceRows(0, rows));
        }

        kernels.ConvSiluForward(X(projected, rows), convolution.Value, convolutionBias.Value, scope.Tokens, u.SliceRows(0, rows));
        var scan = Scan(rows, last.Rows);
        kernels.LinearForward(scan.U, scanProjection.Value, Tensor.None, Activation.None, scanInputs.SliceRows(0, rows));
        kernels.LinearForward(StepInputs(scanInputs, rows), stepProjection.Value, stepBias.Value, Activation.None, scan.Dt);
        kernels.ScanForward(scan, scope.Tokens, gated.SliceRows(0, last.Rows));
        kernels.LinearForward(gated.SliceRows(0, last.Rows), outProjection.Value, Tensor.None, Activation.None, output.SliceRows(0, last.Rows));
        return norm.Forward(output.SliceRows(0, last.Rows), Tensor.None);
    }

    public Tensor Backward(Tensor dy)
    {
        var kernels = scope.Kernels;
        int rows = input.Rows, outputs = dy.Rows;
        var branch = doutput.SliceRows(0, outputs);
        norm.Backward(dy, branch);
        kernels.LinearBackwardWeight(branch, gated.SliceRows(0, outputs), outProjection.Gradient, Tensor.None, add: false);
        kernels.LinearBackwardInput(branch, outProjection.Value, dgated.SliceRows(0, outputs), add: false);

        var gradients = ScanGradients(rows, outputs);
        kernels.ScanBackward(dgated.SliceRows(0, outputs), Scan(rows, outputs), scope.Tokens, gradients);
        kernels.LinearBackwardWeight(gradients.Dt, StepInputs(scanInputs, rows), stepProjection.Gradient, stepBias.Gradient, add: false);
        kernels.LinearBackwardInput(gradients.Dt, stepProjection.Value, StepInputs(dscanInputs, rows), add: false);
        kernels.LinearBackwardWeight(dscanInputs.SliceRows(0, rows), u.SliceRows(0, rows), scanProjection.Gradient, Tensor.None, add: false);
        kernels.LinearBackwardInput(dscanInputs.SliceRows(0, rows), scanProjection.Value, gradients.U, add: true);
        kernels.ConvSiluBackward(
            gradients.U, X(projected, rows), convolution.Value, convolutionBias.Value, scope.Tokens,
            X(dprojected, rows), convolution.Gradient, convolutionBias.Gradient);
        return BackwardInput(rows, outputs);
    }

    Tensor BackwardInput(int rows, int outputs)
    {
        var kernels = scope.Kernels;
        var result = dx.SliceRows(0, rows);
        if (isLastTokenOnly)
        {
            var dz = dgate.SliceRows(0, outputs);
            kernels.LinearBackwardWeight(X(dprojected, rows), input, XWeight(inProjection.Gradient), Tensor.None, add: false);
            kernels.LinearBackwardWeight(dz, input.LastOfEvery(scope.Tokens), ZWeight(inProjection.Gradient), Tensor.None, add: false);
            kernels.LinearBackwardInput(X(dprojected, rows), XWeight(inProjection.Value), result, add: false);
            kernels.LinearBackwardInput(dz, ZWeight(inProjection.Value), result.LastOfEvery(scope.Tokens), add: true);
        }
        else
        {
            kernels.LinearBackwardWeight(dprojected.SliceRows(0, rows), input, inProjection.Gradient, Tensor.None, add: false);
            kernels.LinearBackwardInput(dprojected.SliceRows(0, rows), inProjection.Value, result, add: false);
        }

        return result;
    }

    ScanTensors Scan(int rows, int outputs) => new(
        u.SliceRows(0, rows), steps.SliceRows(0, rows), decay.Value, ScanB(scanInputs, rows), ScanC(scanInputs, rows), skip.Value,
        gate.SliceRows(0, outputs));

    ScanTensors ScanGradients(int rows, int outputs) => new(
        du.SliceRows(0, rows), dsteps.SliceRows(0, rows), decay.Gradient, ScanB(dscanInputs, rows), ScanC(dscanInputs, rows), skip.Gradient,
        dgate.SliceRows(0, outputs));

    Tensor X(Tensor xz, int rows) => xz.SliceRows(0, rows).SliceColumns(0, width);

    Tensor XWeight(Tensor weight) => weight.SliceRows(0, width);

    Tensor ZWeight(Tensor weight) => weight.SliceRows(width, width);

    Tensor StepInputs(Tensor inputs, int rows) => inputs.SliceRows(0, rows).SliceColumns(0, stepRank);

    Tensor ScanB(Tensor inputs, int rows) => inputs.SliceRows(0, rows).SliceColumns(stepRank, states);

    Tensor ScanC(Tensor inputs, int rows) => inputs.SliceRows(0, rows).SliceColumns(stepRank + states, states);
}
