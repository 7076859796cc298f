namespace Pipeline.Stages;

/// <summary>What can be asked of another process of this machine.</summary>
public static class ProcessSignal
{
    const int Sigkill = 9, Sigterm = 15;

    /// <summary>SIGTERM: a run writes its checkpoint and stops. False if there is no such process, or it is another user's.</summary>
    public static bool Terminate(int process) => Libc.Signal(process, Sigterm);

    /// <summary>SIGKILL: it ends at once. False as above.</summary>
    public static bool Kill(int process) => Libc.Signal(process, Sigkill);
}
