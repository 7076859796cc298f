using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Pipeline.Kernels.Cpu;

/// <summary>
/// Fixed threads that share the numbered parts of one piece of work; the caller is one of them. Nothing is allocated per call.
/// </summary>
/// <remarks>
/// A part is claimed by lowering the number of open parts, which lies in one word with the number of the call. So a thread that the
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
    Counters counters;

    // What to do: written before the parts are opened, read by who claims one.
    nint work;
    delegate*<nint, int, int, void> run;
    int count;

    ExceptionDispatchInfo? failure;
    int isBusy;
    volatile bool isDisposed;

    /// <param name="threads">At least 1, the caller included.</param>
    public WorkPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
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

        if (Interlocked.Exchange(ref isBusy, 1) != 0)
        {
            throw new InvalidOperationException("The threads are at work for another call: one call at a time, and none from within a part.");
        }

        this.work = (nint)Unsafe.AsPointer(ref copy);
        this.count = count;
        run = &RunPart<TWork>;
        failure = null;
        Volatile.Write(ref counters.Done, 0);
        Open(count);
        Drain(0);
        WaitForClaimed(count);

        var thrown = failure;
        Volatile.Write(ref isBusy, 0);
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
    }

    /// <summary>Opens the parts of the next call and wakes who sleeps.</summary>
    void Open(int parts)
    {
        var call = (Volatile.Read(ref counters.Open) >> 32) + 1;
        Interlocked.Exchange(ref counters.Open, (call << 32) | (uint)parts);
        var sleeping = Interlocked.Exchange(ref counters.Sleeping, 0);
        if (sleeping > 0)
        {
            wake.Release(sleeping);
        }
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
            if ((uint)Volatile.Read(ref counters.Open) != 0)
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
        if ((uint)Volatile.Read(ref counters.Open) != 0 || isDisposed)
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

    /// <summary>Claims and runs parts until none is open.</summary>
    void Drain(int worker)
    {
        while (true)
        {
            // These belong together if the exchange succeeds: that part was then unclaimed, so its call had not ended.
            var open = Volatile.Read(ref counters.Open);
            var function = run;
            var address = work;
            var parts = count;
            if ((uint)open == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref counters.Open, open - 1, open) == open)
            {
                RunPart(function, address, parts - (int)(uint)open, worker);
                if (Interlocked.Increment(ref counters.Done) == parts && Interlocked.Exchange(ref counters.IsWaited, 0) == 1)
                {
                    finished.Release();
                }
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

    /// <summary>Each on cache lines of its own, for every thread writes them.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    struct Counters
    {
        /// <summary>Number of the call in the upper half, parts not yet claimed in the lower.</summary>
        [FieldOffset(128)]
        public long Open;

        [FieldOffset(256)]
        public int Done;

        [FieldOffset(384)]
        public int IsWaited;

        [FieldOffset(512)]
        public int Sleeping;
    }
}
