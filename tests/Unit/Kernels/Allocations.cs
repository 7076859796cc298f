namespace Pipeline.Unit.Kernels;

/// <summary>Counts what a warm call allocates on its thread.</summary>
static class Allocations
{
    /// <summary>
    /// A collection, caused by any test beside, counts the unused rest of the thread's allocation block as allocated. So the least of some rounds counts:
    /// what a call allocates, it allocates in every round.
    /// </summary>
    public const int Rounds = 5;

    /// <summary>Bytes that some calls allocate on this thread, once warm.</summary>
    public static long Of(Action call)
    {
        const int calls = 5;
        call();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
