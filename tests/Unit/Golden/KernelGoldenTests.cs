using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;

namespace Pipeline.Unit.Golden;

/// <summary>Every kernel against PyTorch's float64: values and every gradient. tests/Golden/README.md says what the files hold.</summary>
public sealed class KernelGoldenTests
{
    [Theory]
    [InlineData("linear", Activation.None)]
    [InlineData("linear-relu", Activation.Relu)]
    public void Linear(string name, Activation activation)
    {
        using var golden = new GoldenKernel(name);
        var (x, w, bias, y) = (golden.Input("x"), golden.Input("w"), golden.Input("bias"), golden.Output("y"));
        var (dy, dx, dw, dbias) = (golden.Input("dy"), golden.Output("dx"), golden.Output("dw"), golden.Output("dbias"));
        golden.Kernels.LinearForward(x, w, bias, activation, y);
        if (activation == Activation.Relu)
        {
            golden.Kernels.ReluBackward(y, dy);
        }

        golden.Kernels.LinearBackwardInput(dy, w, dx, add: false);
        golden.Kernels.LinearBackwardWeight(dy, x, dw, dbias);
        golden.Check();
    }

    [Theory]
    [InlineData("layer-norm", false)]
    [InlineData("layer-norm-residual", true)]
    public void Layer_norm(string name, bool hasResidual)
    {
        using var golden = new GoldenKernel(name);
        var (x, gamma, beta, y) = (golden.Input("x"), golden.Input("gamma"), golden.Input("beta"), golden.Output("y"));
        var residual = hasResidual ? golden.Input("residual") : Tensor.None;
        var (mean, rstd) = (golden.Kernels.Allocate(1, x.Rows, 1), golden.Kernels.Allocate(1, x.Rows, 1));
        var (dy, dx, dgamma, dbeta) = (golden.Input("dy"), golden.Output("dx"), golden.Output("dgamma"), golden.Output("dbeta"));
        golden.Kernels.LayerNormForward(x, residual, gamma, beta, y, mean, rstd);
        golden.Kernels.LayerNormBackward(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);
        golden.Check();
    }

    [Theory]
    [InlineData("tokenizer", true, true)]
    [InlineData("tokenizer-numeric", true, false)]
    [InlineData("tokenizer-categories", false, true)]
    public void Tokenizer(string name, bool hasNumeric, bool hasCategories)
    {
        using var golden = new GoldenKernel(name);
        var (weight, bias, y, dy) = (golden.Input("weight"), golden.Input("bias"), golden.Output("y"), golden.Input("dy"));
        var numeric = hasNumeric ? golden.Input("numeric") : Tensor.None;
        var categories = hasCategories ? golden.Indices("categories") : IndexTensor.None;
        var table = hasCategories ? golden.Input("table") : Tensor.None;
        var (dweight, dbias) = (golden.Output("dweight"), golden.Output("dbias"));
        var dtable = hasCategories ? golden.Output("dtable") : Tensor.None;
        golden.Kernels.TokenizerForward(numeric, categories, weight, table, bias, y);
        golden.Kernels.TokenizerBackward(dy, numeric, categories, dweight, dtable, dbias);
        golden.Check();
    }

    [Theory]
    [InlineData("conv-silu", 6)]
    [InlineData("conv-silu-wide", 3)]
    public void Convolution(string name, int tokens)
    {
        using var golden = new GoldenKernel(name);
        var (x, w, bias, y) = (golden.Input("x"), golden.Input("w"), golden.Input("bias"), golden.Output("y"));
        var (dy, dx, dw, dbias) = (golden.Input("dy"), golden.Output("dx"), golden.Output("dw"), golden.Output("dbias"));
        golden.Kernels.ConvSiluForward(x, w, bias, tokens, y);
        golden.Kernels.ConvSiluBackward(dy, x, w, bias, tokens, dx, dw, dbias);
        golden.Check();
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("scan-last")]
    public void Scan(string name)
    {
        using var golden = new GoldenKernel(name);
        var x = Tensors(golden.Input, "");
        var dx = Tensors(golden.Output, "d");
        var (y, dy) = (golden.Output("y"), golden.Input("dy"));
        golden.Kernels.ScanForward(x, 6, y);
        golden.Kernels.ScanBackward(dy, x, 6, dx);
        golden.Check();

        static ScanTensors Tensors(Func<string, Tensor> tensor, string prefix) => new(
            tensor($"{prefix}u"), tensor($"{prefix}dt"), tensor($"{prefix}aLog"), tensor($"{prefix}b"), tensor($"{prefix}c"), tensor($"{prefix}skip"), tensor($"{prefix}z"));
    }

    [Theory]
    [InlineData("attention", 2)]
    [InlineData("attention-last", 4)]
    public void Attention(string name, int heads)
    {
        using var golden = new GoldenKernel(name);
        var (q, k, v) = (golden.Input("q"), golden.Input("k"), golden.Input("v"));
        var (y, dy) = (golden.Output("y"), golden.Input("dy"));
        var (dq, dk, dv) = (golden.Output("dq"), golden.Output("dk"), golden.Output("dv"));
        var probabilities = golden.Output("probabilities").Reshape(q.Rows, heads * 6);
        golden.Kernels.AttentionForward(q, k, v, heads, 6, y, probabilities);
        golden.Kernels.AttentionBackward(dy, q, k, v, probabilities, heads, 6, dq, dk, dv);
        golden.Check();
    }

    [Fact]
    public void Squared_error()
    {
        using var golden = new GoldenKernel("squared-error-loss");
        var (users, items) = (golden.Input("users"), golden.Input("items"));
        var targets = golden.Input("targets").Reshape(users.Rows, 1);
        var scores = golden.Output("scores").Reshape(users.Rows, 1);
        golden.Kernels.SquaredErrorLoss(users, items, targets, scores, golden.Output("loss"), golden.Output("dusers"), golden.Output("ditems"));
        golden.Check();
    }

    [Fact]
    public void Sampled_softmax()
    {
        using var golden = new GoldenKernel("sampled-softmax-loss");
        var (users, items, corrections) = (golden.Input("users"), golden.Input("items"), golden.Input("corrections"));
        golden.Kernels.SampledSoftmaxLoss(
            users, items, corrections, golden.Number("temperature"), golden.Output("dproducts"), golden.Output("loss"), golden.Output("dusers"), golden.Output("ditems"));
        golden.Check();
    }

    [Fact]
    public void Adam()
    {
        using var golden = new GoldenKernel("adam");
        var parameters = golden.Input("parameters.0");
        var (first, second) = (golden.Kernels.Allocate(1, 1, parameters.Columns), golden.Kernels.Allocate(1, 1, parameters.Columns));
        for (var step = 1; step <= 3; step++)
        {
            golden.Kernels.AdamStep(parameters, golden.Input($"gradients.{step}"), first, second, new AdamRates(1e-2f), step);
            golden.Check(parameters, $"parameters.{step}");
        }
    }

    /// <summary>A golden file of one kernel: inputs are its tensors, outputs start at zero and are compared with them.</summary>
    sealed class GoldenKernel(string name) : IDisposable
    {
        readonly SafeTensorsFile file = SafeTensors.Read(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.safetensors"));
        readonly List<(string Name, Tensor Tensor)> outputs = [];

        public CpuKernels Kernels { get; } = new(threads: 2);

        /// <summary>All dimensions but the last are rows.</summary>
        public Tensor Input(string tensor)
        {
            var input = Allocate(tensor);
            Kernels.Write(file.Tensors[tensor].Floats, input);
            return input;
        }

        public Tensor Output(string tensor)
        {
            outputs.Add((tensor, Allocate(tensor)));
            return outputs[^1].Tensor;
        }

        public IndexTensor Indices(string tensor)
        {
            var shape = file.Tensors[tensor].Shape;
            var indices = Kernels.AllocateIndices(1, shape[0], shape[1]);
            Kernels.Write(file.Tensors[tensor].Integers, indices);
            return indices;
        }

        public float Number(string tensor) => file.Tensors[tensor].Floats.Single();

        public void Check()
        {
            Assert.NotEmpty(outputs);
            outputs.ForEach(output => Check(output.Tensor, output.Name));
        }

        /// <summary>Within 2e-6 of the largest number: sums of some twenty terms, each off by a few roundings of 6e-8.</summary>
        public void Check(Tensor output, string tensor)
        {
            var (expected, actual) = (file.Tensors[tensor].Floats, new float[output.Rows * output.Columns]);
            Kernels.Read(output, actual);
            var allowed = 2e-6f * expected.Max(Math.Abs);
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{name}, {tensor}[{i}]: expected {expected[i]} within {allowed}, found {actual[i]}.");
            }
        }

        public void Dispose() => Kernels.Dispose();

        Tensor Allocate(string tensor)
        {
            var shape = file.Tensors[tensor].Shape;
            return Kernels.Allocate(1, shape.SkipLast(1).Aggregate(1, (rows, length) => rows * length), shape[^1]);
        }
    }
}
