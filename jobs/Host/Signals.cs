using System.Runtime.InteropServices;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the running stage to write its checkpoint and stop, the second ends the process at once. A run of `serve` obeys SIGTERM alone, and a
/// second one says no more than the first: ended at once it would look as if it had crashed, and be gone on with.
/// </summary>
/// <remarks>`timeout` and some shells send one stop twice, to the process and to its group: what follows within a second is the same one.</remarks>
/// <param name="exit">Ends the process; called on the second signal.</param>
/// <param name="isChild">True for a run of `serve`: Ctrl-C reaches it too, but it is the server that stops it.</param>
sealed class Signals(TextWriter error, Action<ExitCode> exit, TimeProvider clock, bool isChild = false) : IDisposable
{
    const PosixSignal FileTooLarge = (PosixSignal)25;

    static readonly TimeSpan SameStop = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource source = new();
    readonly List<PosixSignalRegistration> registrations = [];
    readonly Lock gate = new();
    long? first;
    bool hasServerStopped;

    public CancellationToken Token => source.Token;

    /// <summary>The exit code that the first signal asks for.</summary>
    public ExitCode Code { get; private set; } = ExitCode.Cancelled;

    /// <summary>True if the server stops, and no signal says that somebody wants this process in particular to end.</summary>
    public bool IsInterrupted => hasServerStopped && first is null;

    public void Register()
    {
        // The system's way to say that a file would be larger than 'ulimit -f' allows: left alone, the write fails and can be told.
        registrations.Add(PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true));
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
        lock (gate)
        {
            if (first is { } before)
            {
                if (!isChild && clock.GetElapsedTime(before) >= SameStop)
                {
                    exit(code);
                }

                return;
            }

            first = clock.GetTimestamp();
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
