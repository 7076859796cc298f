using Pipeline.Kernels.Cpu;

namespace Pipeline.Unit.Kernels.Cpu;

public sealed class WorkPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_part_runs_exactly_once(int threads)
    {
        using var pool = new WorkPool(threads);
        var runs = new int[40];

        // Many short calls of changing size: where claims, ends and the next call meet.
        var expected = new int[40];
        for (var call = 0; call < 5_000; call++)
        {
            var count = call % (runs.Length + 1);
            pool.Run(count, new Count(runs));
            for (var i = 0; i < count; i++)
            {
                expected[i]++;
            }
        }

        Assert.Equal(expected, runs);
    }

    [Fact]
    public void Threads_that_sleep_are_woken()
    {
        using var pool = new WorkPool(3);
        var meeting = new Meeting(3);
        for (var call = 0; call < 20; call++)
        {
            // Long enough for the threads to give up spinning.
            Thread.SpinWait(20_000);
            pool.Run(3, meeting);
        }

        // A part ends when three run at once; so each call had all three threads.
        Assert.Equal(60, meeting.Arrived);
        Assert.Equal([20, 20, 20], meeting.RunsByWorker);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Exception_of_a_part_reaches_the_caller_and_the_pool_goes_on(int threads)
    {
        using var pool = new WorkPool(threads);
        var error = Assert.Throws<InvalidDataException>(() => pool.Run(100, new Fail(7)));
        Assert.Equal("part 7", error.Message);

        var runs = new int[100];
        pool.Run(100, new Count(runs));
        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Call_from_within_a_part_is_refused()
    {
        using var pool = new WorkPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(2, new Nest(pool)));
    }

    [Fact]
    public void Disposed_pool_refuses_work()
    {
        var pool = new WorkPool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(2, new Count(new int[2])));
    }

    [Fact]
    public void Neither_caller_nor_threads_allocate_once_warm()
    {
        using var pool = new WorkPool(3);
        var runs = new int[9];
        var (bytes, before, least) = (new AllocatedBytes(new Meeting(3), new long[3]), new long[3], new long[] { long.MaxValue, long.MaxValue, long.MaxValue });
        Warm();
        for (var round = 0; round < Allocations.Rounds; round++)
        {
            pool.Run(3, bytes);
            bytes.ByWorker.CopyTo(before, 0);
            Warm();
            pool.Run(3, bytes);
            for (var worker = 0; worker < 3; worker++)
            {
                least[worker] = Math.Min(least[worker], bytes.ByWorker[worker] - before[worker]);
            }
        }

        Assert.Equal([0, 0, 0], least);

        void Warm()
        {
            for (var call = 0; call < 1_000; call++)
            {
                pool.Run(runs.Length, new Count(runs));
            }
        }
    }

    readonly struct Count(int[] runs) : IWork
    {
        public void Run(int index, int worker) => Interlocked.Increment(ref runs[index]);
    }

    readonly struct Fail(int at) : IWork
    {
        public void Run(int index, int worker)
        {
            if (index == at)
            {
                throw new InvalidDataException($"part {index}");
            }
        }
    }

    readonly struct Nest(WorkPool pool) : IWork
    {
        public void Run(int index, int worker) => pool.Run(2, new Count(new int[2]));
    }

    /// <summary>Parts that end when as many run at once as there are threads.</summary>
    readonly struct Meeting(int threads) : IWork
    {
        readonly int[] arrived = [0];

        public int Arrived => arrived[0];

        public int[] RunsByWorker { get; } = new int[threads];

        public void Run(int index, int worker)
        {
            var last = (Interlocked.Increment(ref arrived[0]) + threads - 1) / threads * threads;
            RunsByWorker[worker]++;
            var wait = new SpinWait();
            while (Volatile.Read(ref arrived[0]) < last)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>What each thread has allocated so far.</summary>
    readonly struct AllocatedBytes(Meeting meeting, long[] byWorker) : IWork
    {
        public long[] ByWorker => byWorker;

        public void Run(int index, int worker)
        {
            meeting.Run(index, worker);
            byWorker[worker] = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
