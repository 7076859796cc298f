using System.Runtime.InteropServices;
using Pipeline.Kernels;
using TorchSharp;
using Values = TorchSharp.torch.Tensor;

namespace Pipeline.Integrations;

/// <summary>
/// The kernels as Torch functions, on a processor or a GPU. Backward asks Torch for the gradient of the same function, which it computes again: nothing but what our
/// own kernels keep lives from forward to backward, so layers, towers, trainer and checkpoints are the same ones.
/// </summary>
/// <remarks>One caller at a time. Every call frees what it made when it ends. Replicas are one more axis of every function.</remarks>
sealed partial class TorchKernels : IKernels
{
    readonly TorchMemory memory;

    /// <param name="threads">Of the whole process, which is how Torch has them.</param>
    public TorchKernels(int threads)
        : this(threads, "cpu")
    {
    }

    /// <param name="device">"cpu" or "cuda".</param>
    public TorchKernels(int threads, string device)
    {
        torch.set_num_threads(threads);
        memory = new TorchMemory(torch.device(device));
    }

    public Tensor Allocate(int replicas, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var stride = (long)rows * columns;
        return new Tensor(memory.Allocate(replicas * stride, torch.ScalarType.Float32), replicas, rows, columns, columns, stride);
    }

    public IndexTensor AllocateIndices(int replicas, int rows, int columns) =>
        new(memory.Allocate((long)replicas * rows * columns, torch.ScalarType.Int32), replicas, rows, columns);

    public void Write(ReadOnlySpan<float> values, Tensor target)
    {
        using var scope = torch.NewDisposeScope();
        memory.View(target).copy_(Staged(MemoryMarshal.AsBytes(values), torch.ScalarType.Float32, values.Length).reshape(1, target.Rows, target.Columns));
    }

    public void Write(ReadOnlySpan<int> values, IndexTensor target)
    {
        using var scope = torch.NewDisposeScope();
        memory.View(target).reshape(-1).narrow(0, 0, values.Length).copy_(Staged(MemoryMarshal.AsBytes(values), torch.ScalarType.Int32, values.Length));
    }

    public void Read(Tensor source, Span<float> values) => memory.Read(source, values);

    public void Clear(Tensor x)
    {
        if (!x.IsNone)
        {
            using var scope = torch.NewDisposeScope();
            memory.View(x).zero_();
        }
    }

    public void Add(Tensor x, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        Put(y, memory.View(x), add: true);
    }

    public void LinearForward(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        var result = memory.View(x).matmul(memory.View(w).transpose(1, 2));
        result = bias.IsNone ? result : result.add_(memory.View(bias));
        Put(y, activation == Activation.Relu ? result.relu_() : result, add: false);
    }

    public void LinearBackwardInput(Tensor dy, Tensor w, Tensor dx, bool add)
    {
        using var scope = torch.NewDisposeScope();
        Put(dx, memory.View(dy).matmul(memory.View(w)), add);
    }

    public void LinearBackwardWeight(Tensor dy, Tensor x, Tensor dw, Tensor dbias, bool add = true)
    {
        using var scope = torch.NewDisposeScope();
        var dvalues = memory.View(dy);
        Put(dw, dvalues.transpose(1, 2).matmul(memory.View(x)), add);
        if (!dbias.IsNone)
        {
            Put(dbias, dvalues.sum(1, keepdim: true), add);
        }
    }

    public void ReluBackward(Tensor y, Tensor dy)
    {
        using var scope = torch.NewDisposeScope();
        memory.View(dy).masked_fill_(memory.View(y).le(0), 0);
    }

    public void AdamStep(Tensor parameters, Tensor gradients, Tensor firstMoments, Tensor secondMoments, in AdamRates rates, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        using var scope = torch.NewDisposeScope();
        Values p = memory.View(parameters), g = memory.View(gradients), m = memory.View(firstMoments), v = memory.View(secondMoments);
        m.mul_(rates.Beta1).add_(g, 1 - rates.Beta1);
        v.mul_(rates.Beta2).addcmul_(g, g, 1 - rates.Beta2);
        var deviation = v.sqrt().mul_(1 / Math.Sqrt(1 - Math.Pow(rates.Beta2, step))).add_(rates.Epsilon);
        p.addcdiv_(m, deviation, -rates.LearningRate / (1 - Math.Pow(rates.Beta1, step)));
    }

    public void Dispose() => memory.Dispose();

    /// <summary>On the processor's side, from where a device takes it. Torch's own way pins an array for each.</summary>
    static Values Staged(ReadOnlySpan<byte> bytes, torch.ScalarType type, long count)
    {
        var staged = torch.empty(count, type);
        bytes.CopyTo(staged.bytes);
        return staged;
    }

    /// <summary>Into memory of ours; the values may have any shape of as many.</summary>
    void Put(in Tensor target, Values values, bool add)
    {
        var view = memory.View(target);
        var shaped = values.reshape(view.shape);
        _ = add ? view.add_(shaped) : view.copy_(shaped);
    }

    Values? ViewOrNull(in Tensor tensor) => tensor.IsNone ? null : memory.View(tensor);
}
