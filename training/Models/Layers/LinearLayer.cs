using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>y = activation(x wᵀ + b)</summary>
public sealed class LinearLayer
{
    readonly IKernels kernels;
    readonly Parameter weight, bias;
    readonly Activation activation;
    readonly Tensor y;
    Tensor input, output;

    /// <param name="scope">Names the parameters "weight" and "bias" below it.</param>
    /// <param name="inputs">K</param>
    /// <param name="outputs">N</param>
    /// <param name="rowsPerSample">Tokens, or 1.</param>
    /// <param name="activation">Of the result.</param>
    /// <param name="biasInitialiser">Null for the same bound as the weights.</param>
    public LinearLayer(
        LayerScope scope, int inputs, int outputs, int rowsPerSample, Activation activation = Activation.None, Initialiser? biasInitialiser = null)
    {
        kernels = scope.Kernels;
        this.activation = activation;
        weight = scope.Parameter("weight", [outputs, inputs], Initialisers.Linear(inputs), isOverwritten: true);
        bias = scope.Parameter("bias", [outputs], biasInitialiser ?? Initialisers.Linear(inputs), isOverwritten: true);
        y = scope.Keep(rowsPerSample, outputs);
    }

    /// <param name="x">[R, M, K], kept until backward.</param>
    public Tensor Forward(Tensor x)
    {
        input = x;
        output = y.SliceRows(0, x.Rows);
        kernels.LinearForward(x, weight.Value, bias.Value, activation, output);
        return output;
    }

    /// <param name="dy">[R, M, N]; overwritten where the activation is ReLU.</param>
    /// <param name="dx">[R, M, K], overwritten or added to.</param>
    /// <param name="add">Whether dx is added to.</param>
    public void Backward(Tensor dy, Tensor dx, bool add = false)
    {
        if (activation == Activation.Relu)
        {
            kernels.ReluBackward(output, dy);
        }

        kernels.LinearBackwardWeight(dy, input, weight.Gradient, bias.Gradient, add: false);
        kernels.LinearBackwardInput(dy, weight.Value, dx, add);
    }
}
