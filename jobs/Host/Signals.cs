using System.Runtime.InteropServices;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the running stage to write its checkpoint and stop, the second ends the process at once.
/// </summary>
/// <param name="exit">Ends the process; called on the second signal.</param>
sealed class Signals(TextWriter error, Action<ExitCode> exit) : IDisposable
{
    readonly CancellationTokenSource source = new();
    readonly List<PosixSignalRegistration> registrations = [];
    int received;

    public CancellationToken Token => source.Token;

    /// <summary>The exit code that the first signal asks for.</summary>
    public ExitCode Code { get; private set; } = ExitCode.Cancelled;

    /// <param name="isChild">True for a run of `serve`: Ctrl-C reaches it too, but it is the server that stops it.</param>
    public void Register(bool isChild = false)
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
            exit(code);
            return;
        }

        Code = code;
        error.WriteLine("Stopping at the next checkpoint. Once more stops at once.");
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
