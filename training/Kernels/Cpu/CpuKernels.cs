using System.Runtime.InteropServices;

namespace Pipeline.Kernels.Cpu;

/// <summary>
/// The kernels on the processor's cores. Each call cuts its work into parts by shapes alone, all replicas in one range, and shares
/// them over the threads; so the bytes depend neither on the number of threads nor on the replicas trained beside.
/// </summary>
/// <remarks>One caller at a time. This file: threads, memory and what moves floats; one file per group of kernels beside it.</remarks>
public sealed unsafe partial class CpuKernels : IKernels
{
    const int PageFloats = 4096 / sizeof(float);

    readonly WorkPool pool;
    readonly Scratch[] workerScratch;
    readonly Scratch sharedScratch = new();
    readonly List<nint> allocations = [];

    /// <param name="threads">At least 1.</param>
    public CpuKernels(int threads)
    {
        pool = new WorkPool(threads);
        workerScratch = [.. Enumerable.Range(0, threads).Select(_ => new Scratch())];
    }

    public int Threads => pool.Threads;

    public Tensor Allocate(int replicas, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        const int line = NativeFloats.Alignment / sizeof(float);
        // Rows a multiple of a page apart would all fall on the same few sets of the caches.
        var rowStride = rows > 1 && columns % PageFloats == 0 ? columns + line : columns;
        var stride = ((long)rows * rowStride + line - 1) / line * line;
        return new Tensor(Keep(replicas * stride), replicas, rows, columns, rowStride, stride);
    }

    public IndexTensor AllocateIndices(int replicas, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        return new IndexTensor(Keep((long)replicas * rows * columns), replicas, rows, columns);
    }

    public void Write(ReadOnlySpan<float> values, Tensor target)
    {
        Expect(target.Replicas == 1 && values.Length == (long)target.Rows * target.Columns, target, values.Length);
        for (var row = 0; row < target.Rows; row++)
        {
            values.Slice(row * target.Columns, target.Columns).CopyTo(Row(target, row));
        }
    }

    public void Write(ReadOnlySpan<int> values, IndexTensor target)
    {
        if (target.Replicas != 1 || values.Length > (long)target.Rows * target.Columns)
        {
            throw new ArgumentException($"{values.Length} numbers do not fit [{target.Replicas}, {target.Rows}, {target.Columns}].", nameof(values));
        }

        values.CopyTo(new Span<int>((int*)target.Address, values.Length));
    }

    public void Read(Tensor source, Span<float> values)
    {
        Expect(source.Replicas == 1 && values.Length == (long)source.Rows * source.Columns, source, values.Length);
        for (var row = 0; row < source.Rows; row++)
        {
            Row(source, row).CopyTo(values.Slice(row * source.Columns, source.Columns));
        }
    }

    public void Dispose()
    {
        pool.Dispose();
        sharedScratch.Dispose();
        foreach (var scratch in workerScratch)
        {
            scratch.Dispose();
        }

        foreach (var address in allocations)
        {
            NativeMemory.AlignedFree((void*)address);
        }

        allocations.Clear();
    }

    /// <summary>Memory of one worker, for the part it runs: undefined content, aligned to 64 bytes, until it asks again.</summary>
    internal float* WorkerScratch(int worker, long floats) => workerScratch[worker].Reserve(floats);

    /// <summary>Memory that the parts of one call share, for partial sums: asked for once, before the parts run.</summary>
    internal float* SharedScratch(long floats) => sharedScratch.Reserve(floats);

    /// <summary>How many blocks of this size cover a length.</summary>
    static int Parts(int length, int block) => (length + block - 1) / block;

    nint Keep(long elements)
    {
        var address = (nint)NativeFloats.Allocate(elements);
        allocations.Add(address);
        return address;
    }

    static Span<float> Row(in Tensor tensor, int row) =>
        new((float*)tensor.Address + ((long)row * tensor.RowStride), tensor.Columns);

    static void Expect(bool isRight, in Tensor tensor, int values)
    {
        if (!isRight)
        {
            throw new ArgumentException($"{values} values do not fit [{tensor.Replicas}, {tensor.Rows}, {tensor.Columns}]; one replica at a time.");
        }
    }
}
