using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Pipeline.Kernels.Cpu;

/// <summary>
/// Fixed threads that share the numbered parts of one piece of work; the caller is one of them. Nothing is allocated per call.
/// </summary>
/// <remarks>
/// Each thread has a share of the parts, the same stretch of them in every call: kernels number their parts by rows, so rows stay with the
/// core whose caches hold them. Who is done with its own share takes from the others'.
/// A part is claimed by lowering the number of a share's open parts, which lies in one word with the number of the call. So a thread that the
/// system holds back has claimed nothing and delays nobody: the caller waits for claimed parts alone, not for threads.
/// Who finds no work spins for less than a tenth of a millisecond, which bridges the gap between two kernels, and then sleeps:
/// endless spinning ruins everything as soon as a neighbour takes a core.
/// </remarks>
sealed unsafe class WorkPool : IDisposable
{
    const int Spins = 2_000;

    readonly Thread[] threads;
    readonly SemaphoreSlim wake = new(0);
    readonly SemaphoreSlim finished = new(0);
    readonly Share* shares;

    // Read all the time and written hardly ever; what every call writes lies in Counters, or each call would take this from the other cores.
    ExceptionDispatchInfo? failure;
    volatile bool isDisposed;
    Counters counters;

    /// <param name="threads">At least 1, the caller included.</param>
    public WorkPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        shares = (Share*)NativeMemory.AlignedAlloc((nuint)(threads * sizeof(Share)), (nuint)sizeof(Share));
        NativeMemory.Clear(shares, (nuint)(threads * sizeof(Share)));
        this.threads = new Thread[threads - 1];
        for (var i = 0; i < this.threads.Length; i++)
        {
            var worker = i + 1;
            this.threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"kernels {worker}" };
            this.threads[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>
    /// Runs parts 0 .. count - 1 and returns when all are done. One call at a time; a part must not call this.
    /// If a part throws, parts not yet begun are left out and the first exception is thrown here.
    /// </summary>
    public void Run<TWork>(int count, in TWork work)
        where TWork : struct, IWork
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);

        // The copy stays in this frame until every claimed part is done; the collector sees the references in it.
        var copy = work;
        if (Threads == 1 || count <= 1)
        {
            for (var i = 0; i < count; i++)
            {
                copy.Run(i, 0);
            }

            return;
        }

        if (Interlocked.Exchange(ref counters.IsBusy, 1) != 0)
        {
            throw new InvalidOperationException("The threads are at work for another call: one call at a time, and none from within a part.");
        }

        if (failure is not null)
        {
            failure = null;
        }

        Volatile.Write(ref counters.Done, 0);
        Open((nint)Unsafe.AsPointer(ref copy), &RunPart<TWork>, count);
        Drain(0);
        WaitForClaimed(count);

        var thrown = failure;
        Volatile.Write(ref counters.IsBusy, 0);
        thrown?.Throw();
    }

    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        Interlocked.MemoryBarrier();
        wake.Release(threads.Length + 1);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        wake.Dispose();
        finished.Dispose();
        NativeMemory.AlignedFree(shares);
    }

    /// <summary>Opens the parts of the next call and wakes who sleeps.</summary>
    void Open(nint work, delegate*<nint, int, int, void> run, int parts)
    {
        counters.Call++;
        var start = 0;
        for (var i = 0; i < Threads; i++)
        {
            var end = (int)((i + 1L) * parts / Threads);
            ref var share = ref shares[i];
            share.Work = work;
            share.Run = run;
            (share.Parts, share.End) = (parts, end);
            Interlocked.Exchange(ref share.Open, ((long)counters.Call << 32) | (uint)(end - start));
            start = end;
        }

        var sleeping = Interlocked.Exchange(ref counters.Sleeping, 0);
        if (sleeping > 0)
        {
            wake.Release(sleeping);
        }
    }

    bool IsOpen()
    {
        for (var share = 0; share < Threads; share++)
        {
            if ((uint)Volatile.Read(ref shares[share].Open) != 0)
            {
                return true;
            }
        }

        return false;
    }

    void WaitForClaimed(int parts)
    {
        var spins = 0;
        while (Volatile.Read(ref counters.Done) != parts)
        {
            if (++spins < Spins)
            {
                Thread.SpinWait(1);
                continue;
            }

            Interlocked.Exchange(ref counters.IsWaited, 1);
            // Sleep unless the last part ended before that was said; if its thread saw it nevertheless, take its signal.
            if (Volatile.Read(ref counters.Done) != parts || Interlocked.Exchange(ref counters.IsWaited, 0) == 0)
            {
                finished.Wait();
            }
        }
    }

    void Serve(int worker)
    {
        var spins = 0;
        while (!isDisposed)
        {
            if (IsOpen())
            {
                Drain(worker);
                spins = 0;
            }
            else if (++spins < Spins)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Sleep();
                spins = 0;
            }
        }
    }

    void Sleep()
    {
        Interlocked.Increment(ref counters.Sleeping);
        if (IsOpen() || isDisposed)
        {
            // Work came meanwhile: do not count as sleeping, unless the caller has counted already and its signal is on its way.
            for (var sleeping = Volatile.Read(ref counters.Sleeping); sleeping > 0; sleeping = Volatile.Read(ref counters.Sleeping))
            {
                if (Interlocked.CompareExchange(ref counters.Sleeping, sleeping - 1, sleeping) == sleeping)
                {
                    return;
                }
            }
        }

        wake.Wait();
    }

    /// <summary>Claims and runs parts until none is open: its own share's first.</summary>
    void Drain(int worker)
    {
        var (done, parts) = (0, 0);
        for (var i = 0; i < Threads; i++)
        {
            var share = worker + i;
            done += Drain(ref shares[share < Threads ? share : share - Threads], worker, ref parts);
        }

        // Told once, not part by part: until then the call cannot end, so all that was claimed is of one call.
        if (done > 0 && Interlocked.Add(ref counters.Done, done) == parts && Interlocked.Exchange(ref counters.IsWaited, 0) == 1)
        {
            finished.Release();
        }
    }

    /// <returns>How many it ran.</returns>
    int Drain(ref Share share, int worker, ref int parts)
    {
        var done = 0;
        while (true)
        {
            // These belong together if the exchange succeeds: that part was then unclaimed, so its call had not ended.
            var open = Volatile.Read(ref share.Open);
            var (run, work) = ((nint)share.Run, share.Work);
            var (all, end) = (share.Parts, share.End);
            if ((uint)open == 0)
            {
                return done;
            }

            if (Interlocked.CompareExchange(ref share.Open, open - 1, open) == open)
            {
                parts = all;
                done++;
                RunPart((delegate*<nint, int, int, void>)run, work, end - (int)(uint)open, worker);
            }
        }
    }

    void RunPart(delegate*<nint, int, int, void> function, nint address, int index, int worker)
    {
        if (Volatile.Read(ref failure) is not null)
        {
            return;
        }

        try
        {
            function(address, index, worker);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    static void RunPart<TWork>(nint work, int index, int worker)
        where TWork : struct, IWork
        => Unsafe.AsRef<TWork>((void*)work).Run(index, worker);

    /// <summary>A thread's stretch of the parts, and what to do with one: all that a thread needs to begin comes with one cache line.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    struct Share
    {
        /// <summary>Number of the call in the upper half, parts of the share not yet claimed in the lower. The rest is written before it.</summary>
        public long Open;

        public delegate*<nint, int, int, void> Run;
        public nint Work;

        /// <summary>Of the whole call.</summary>
        public int Parts;

        /// <summary>The part after the last of the share.</summary>
        public int End;
    }

    /// <summary>Each on cache lines of its own, for every thread writes them.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    struct Counters
    {
        [FieldOffset(128)]
        public int Done;

        [FieldOffset(256)]
        public int IsWaited;

        [FieldOffset(384)]
        public int Sleeping;

        /// <summary>Written by the caller alone.</summary>
        [FieldOffset(512)]
        public int IsBusy;

        [FieldOffset(516)]
        public uint Call;
    }
}
