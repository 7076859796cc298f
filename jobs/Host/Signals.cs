using System.Runtime.InteropServices;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the running stage to write its checkpoint and stop, the second ends the process at once. A run of `serve` obeys SIGTERM alone, and a
/// second one says no more than the first: ended at once it would look as if it had crashed, and be gone on with.
/// </summary>
/// <param name="exit">Ends the process; called on the second signal.</param>
/// <param name="isChild">True for a run of `serve`: Ctrl-C reaches it too, but it is the server that stops it.</param>
sealed class Signals(TextWriter error, Action<ExitCode> exit, bool isChild = false) : IDisposable
{
    readonly CancellationTokenSource source = new();
    readonly List<PosixSignalRegistration> registrations = [];
    int received;
    bool hasServerStopped;

    public CancellationToken Token => source.Token;

    /// <summary>The exit code that the first signal asks for.</summary>
    public ExitCode Code { get; private set; } = ExitCode.Cancelled;

    /// <summary>True if the server stops, and no signal says that somebody wants this process in particular to end.</summary>
    public bool IsInterrupted => hasServerStopped && received == 0;

    public void Register()
    {
        if (isChild)
        {
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCode.Terminated)));
            return;
        }

        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, ExitCode.Cancelled)));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCode.Terminated)));
    }

    public void Receive(ExitCode code)
    {
        if (Interlocked.Increment(ref received) > 1)
        {
            if (!isChild)
            {
                exit(code);
            }

            return;
        }

        Code = code;
        error.WriteLine("Stopping at the next checkpoint. Once more stops at once.");
        source.Cancel();
    }

    /// <summary>The server of this run stops: as a signal, but the next server goes on with the run.</summary>
    public void Interrupt()
    {
        (Code, hasServerStopped) = (ExitCode.Terminated, true);
        source.Cancel();
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    void Handle(PosixSignalContext context, ExitCode code)
    {
        context.Cancel = true;
        Receive(code);
    }
}
