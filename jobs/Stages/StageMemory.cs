using System.Runtime;

namespace Pipeline.Stages;

/// <summary>
/// A large stage leaves large arrays behind, and holes between them that the next one's do not fit into: under a limit it would run out of
/// memory that nobody uses.
/// </summary>
public static class StageMemory
{
    const long Much = 128L << 20;

    /// <summary>Gives memory back to the system if there is much of it. The frames of the stage must have left the stack.</summary>
    public static void GiveBack()
    {
        // Twice at most: at the first time the thread that ended the stage may not have left it.
        for (var attempt = 0; attempt < 2 && GC.GetTotalMemory(forceFullCollection: false) > Much; attempt++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
