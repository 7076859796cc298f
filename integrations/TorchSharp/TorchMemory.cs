using System.Runtime.InteropServices;
using Pipeline.Kernels;
using TorchSharp;
using Values = TorchSharp.torch.Tensor;

namespace Pipeline.Integrations;

/// <summary>Memory of a Torch device. An address of ours counts its bytes from a start that nobody reads: on a GPU there is no other that we could reckon with.</summary>
sealed class TorchMemory(torch.Device device) : IDisposable
{
    const long Alignment = 64;

    readonly List<(nint Start, Values Values)> blocks = [];
    nint next = (nint)Alignment;

    public torch.Device Device => device;

    public nint Allocate(long elements, torch.ScalarType type)
    {
        var start = next;
        blocks.Add((start, torch.zeros([elements], type, device).DetachFromDisposeScope()));
        next += (nint)((elements * sizeof(float) + Alignment) / Alignment * Alignment);
        return start;
    }

    /// <summary>[R, rows, columns], the same memory.</summary>
    public Values View(in Tensor tensor)
    {
        var (values, offset) = Find(tensor.Address);
        return values.as_strided([tensor.Replicas, tensor.Rows, tensor.Columns], [tensor.ReplicaStride, tensor.RowStride, 1], offset);
    }

    /// <summary>[R, samples, L, columns], the same memory.</summary>
    /// <param name="tokens">L</param>
    public Values Samples(in Tensor tensor, int tokens)
    {
        var (values, offset) = Find(tensor.Address);
        return values.as_strided(
            [tensor.Replicas, tensor.Rows / tokens, tokens, tensor.Columns], [tensor.ReplicaStride, (long)tokens * tensor.RowStride, tensor.RowStride, 1], offset);
    }

    public Values View(in IndexTensor tensor)
    {
        var (values, offset) = Find(tensor.Address);
        var rows = (long)tensor.Rows * tensor.Columns;
        return values.as_strided([tensor.Replicas, tensor.Rows, tensor.Columns], [rows, tensor.Columns, 1], offset);
    }

    /// <summary>From the device, in order of rows.</summary>
    public void Read(in Tensor tensor, Span<float> values)
    {
        using var scope = torch.NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(View(tensor).contiguous().cpu().bytes).CopyTo(values);
    }

    public void Dispose()
    {
        blocks.ForEach(block => block.Values.Dispose());
        blocks.Clear();
    }

    (Values Values, long Offset) Find(nint address)
    {
        int low = 0, high = blocks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = blocks[middle].Start <= address ? (middle, high) : (low, middle - 1);
        }

        return blocks.Count > 0 && address >= blocks[low].Start
            ? (blocks[low].Values, (address - blocks[low].Start) / sizeof(float))
            : throw new ArgumentException($"There is no memory at {address}; it was allocated by another engine, or not at all.", nameof(address));
    }
}
