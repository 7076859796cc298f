using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;

namespace Pipeline.Unit.Kernels;

/// <summary>Values and gradients against PyTorch's, which are computed in double and rounded once.</summary>
public sealed class KernelGoldenTests : IDisposable
{
    // Sums of at most 20 products of the order of 1, each rounding 6e-8; LayerNorm divides by deviations of the order of 1.
    const double Tolerance = 3e-6;

    readonly CpuKernels kernels = new(2);

    public void Dispose() => kernels.Dispose();

    [Theory]
    [InlineData("linear", Activation.None)]
    [InlineData("linear-relu", Activation.Relu)]
    public void Linear_equals_PyTorch(string name, Activation activation)
    {
        var golden = new Golden(kernels, name);
        var (x, w, bias, dy) = (golden.Tensor("x"), golden.Tensor("w"), golden.Tensor("bias"), golden.Tensor("dy"));
        var (y, dx, dw, dbias) = (golden.Zeros("y"), golden.Zeros("x"), golden.Zeros("w"), golden.Zeros("bias"));
        kernels.LinearForward(x, w, bias, activation, y);
        if (activation == Activation.Relu)
        {
            kernels.ReluBackward(y, dy);
        }

        kernels.LinearBackwardInput(dy, w, dx, add: false);
        kernels.LinearBackwardWeight(dy, x, dw, dbias);
        golden.Check(("y", y), ("dx", dx), ("dw", dw), ("dbias", dbias));
    }

    [Theory]
    [InlineData("layer-norm")]
    [InlineData("layer-norm-residual")]
    public void LayerNorm_equals_PyTorch(string name)
    {
        var golden = new Golden(kernels, name);
        var (x, residual, gamma, beta, dy) = (golden.Tensor("x"), golden.Tensor("residual"), golden.Tensor("gamma"), golden.Tensor("beta"), golden.Tensor("dy"));
        var (y, dx, dgamma, dbeta) = (golden.Zeros("y"), golden.Zeros("x"), golden.Zeros("gamma"), golden.Zeros("beta"));
        var (mean, rstd) = (kernels.Allocate(1, x.Rows, 1), kernels.Allocate(1, x.Rows, 1));
        kernels.LayerNormForward(x, residual, gamma, beta, y, mean, rstd);
        kernels.LayerNormBackward(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);
        golden.Check(("y", y), ("dx", dx), ("dresidual", dx), ("dgamma", dgamma), ("dbeta", dbeta));
    }

    [Theory]
    [InlineData("tokenizer")]
    [InlineData("tokenizer-numeric")]
    [InlineData("tokenizer-categories")]
    public void Tokenizer_equals_PyTorch(string name)
    {
        var golden = new Golden(kernels, name);
        var (numeric, categories) = (golden.Tensor("numeric"), golden.Indices("categories"));
        var (weight, table, bias, dy) = (golden.Tensor("weight"), golden.Tensor("table"), golden.Tensor("bias"), golden.Tensor("dy"));
        var (y, dweight, dtable, dbias) = (golden.Zeros("y"), golden.Zeros("weight"), golden.Zeros("table"), golden.Zeros("bias"));
        kernels.TokenizerForward(numeric, categories, weight, table, bias, y);
        kernels.TokenizerBackward(dy, numeric, categories, dweight, dtable, dbias);
        golden.Check(("y", y), ("dweight", dweight), ("dtable", dtable), ("dbias", dbias));
    }

    [Fact]
    public void Squared_error_equals_PyTorch()
    {
        var golden = new Golden(kernels, "squared-error-loss");
        var (users, items) = (golden.Tensor("users"), golden.Tensor("items"));
        var targets = golden.Tensor("targets").Reshape(users.Rows, 1);
        var (scores, loss) = (kernels.Allocate(1, users.Rows, 1), kernels.Allocate(1, 1, 1));
        var (dusers, ditems) = (golden.Zeros("users"), golden.Zeros("items"));
        kernels.SquaredErrorLoss(users, items, targets, scores, loss, dusers, ditems);
        golden.Check(("scores", scores), ("loss", loss), ("dusers", dusers), ("ditems", ditems));
    }

    [Fact]
    public void Adam_equals_PyTorch()
    {
        var golden = new Golden(kernels, "adam");
        var (parameters, first, second) = (golden.Tensor("parameters.0"), golden.Zeros("parameters.0"), golden.Zeros("parameters.0"));
        for (var step = 1; step <= 3; step++)
        {
            kernels.AdamStep(parameters, golden.Tensor($"gradients.{step}"), first, second, new AdamRates(0.01), step);
            golden.Check(($"parameters.{step}", parameters));
        }
    }

    /// <summary>A file of tests/Golden; a tensor [.., columns] has all before the columns as rows, and one that the file lacks is absent.</summary>
    sealed class Golden(CpuKernels kernels, string name)
    {
        readonly SafeTensorsFile file = SafeTensors.Read(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".safetensors"));

        public Tensor Tensor(string key)
        {
            var tensor = Zeros(key);
            if (!tensor.IsNone)
            {
                kernels.Write(file.Tensors[key].Floats, tensor);
            }

            return tensor;
        }

        public Tensor Zeros(string key) => file.Tensors.TryGetValue(key, out var stored)
            ? kernels.Allocate(1, stored.Data.Length / stored.Shape[^1], stored.Shape[^1])
            : Pipeline.Kernels.Tensor.None;

        public IndexTensor Indices(string key)
        {
            if (!file.Tensors.TryGetValue(key, out var stored))
            {
                return IndexTensor.None;
            }

            var tensor = kernels.AllocateIndices(1, stored.Shape[0], stored.Shape[1]);
            kernels.Write(stored.Integers, tensor);
            return tensor;
        }

        /// <summary>Results that the file lacks belong to inputs that it lacks too; a gradient that it has must be among the results.</summary>
        public void Check(params ReadOnlySpan<(string Key, Tensor Actual)> results)
        {
            var open = file.Tensors.Keys.Where(key => key.StartsWith('d') && key != "dy").ToHashSet();
            foreach (var (key, actual) in results)
            {
                if (file.Tensors.TryGetValue(key, out var stored))
                {
                    var values = new float[actual.Rows * actual.Columns];
                    kernels.Read(actual, values);
                    Numeric.Close(Numeric.Double(stored.Floats), values, Tolerance);
                }

                open.Remove(key);
            }

            Assert.Empty(open);
        }
    }
}
