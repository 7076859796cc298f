using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>LayerNorm of a sum: of a branch and, where there is one, the residual beside it.</summary>
public sealed class NormLayer
{
    readonly IKernels kernels;
    readonly Parameter gamma, beta;
    readonly Tensor y, mean, rstd;
    Tensor input, residual;

    /// <param name="scope">Names the parameters "weight" and "bias" below it.</param>
    /// <param name="width">C</param>
    /// <param name="rowsPerSample">Tokens, or 1.</param>
    public NormLayer(LayerScope scope, int width, int rowsPerSample)
    {
        kernels = scope.Kernels;
        gamma = scope.Parameter("weight", [width], Initialisers.Ones);
        beta = scope.Parameter("bias", [width], Initialisers.Zeros);
        y = scope.Keep(rowsPerSample, width);
        mean = scope.Keep(rowsPerSample, 1);
        rstd = scope.Keep(rowsPerSample, 1);
    }

    /// <param name="x">[R, M, C], kept until backward, as the residual.</param>
    /// <param name="residual">As x, or None.</param>
    public Tensor Forward(Tensor x, Tensor residual)
    {
        (input, this.residual) = (x, residual);
        var rows = x.Rows;
        var result = y.SliceRows(0, rows);
        kernels.LayerNormForward(x, residual, gamma.Value, beta.Value, result, mean.SliceRows(0, rows), rstd.SliceRows(0, rows));
        return result;
    }

    /// <param name="dy">[R, M, C]</param>
    /// <param name="dx">[R, M, C], overwritten: the gradient of x, and of the residual too.</param>
    public void Backward(Tensor dy, Tensor dx)
    {
        var rows = dy.Rows;
        kernels.LayerNormBackward(
            dy, input, residual, gamma.Value, mean.SliceRows(0, rows), rstd.SliceRows(0, rows), dx, gamma.Gradient, beta.Gradient);
    }
}
