using System.Collections.Concurrent;
using Pipeline.Host.Schedule;

namespace Pipeline.Integrations;

/// <summary>
/// The runs that the desk asked for and that have not ended. A job is a run's place in Hangfire's queue and no more: only who holds the ticket starts it, and a ticket is
/// taken once. So a job that Hangfire fetches a second time, because it went on for longer than the time-out of its storage or because the clock was moved, starts nothing.
/// </summary>
sealed class HangfireTickets
{
    readonly ConcurrentDictionary<(string Schedule, DateTimeOffset? Due, int Attempt), Ticket> tickets = new();

    /// <summary>Opens a ticket, has its job queued, and comes back when the run has ended.</summary>
    public async Task WaitAsync(Fire fire, Action enqueue, CancellationToken cancellation)
    {
        var ticket = new Ticket(cancellation);
        tickets[Key(fire)] = ticket;
        try
        {
            await using var withdrawing = cancellation.Register(ticket.Withdraw);
            enqueue();
            await ticket.Ended.Task;
        }
        finally
        {
            tickets.TryRemove(Key(fire), out _);
        }
    }

    /// <summary>Runs what a job is for, if nobody does; else waits for who does.</summary>
    /// <returns>False if nobody asked for it: it is of a process that is gone, and the ledger knows whether it is still owed.</returns>
    public async Task<bool> TakeAsync(Fire fire, Func<Fire, CancellationToken, Task> run)
    {
        if (!tickets.TryGetValue(Key(fire), out var ticket))
        {
            return false;
        }

        if (ticket.Take())
        {
            try
            {
                await run(fire, ticket.Cancellation);
                ticket.Ended.TrySetResult();
            }
            catch (Exception error)
            {
                // The desk hears of it by the ticket, and Hangfire's page by this job.
                ticket.Ended.TrySetException(error);
                throw;
            }
        }

        await ticket.Ended.Task;
        return true;
    }

    static (string, DateTimeOffset?, int) Key(Fire fire) => (fire.Schedule, fire.Due, fire.Attempt);

    sealed class Ticket(CancellationToken cancellation)
    {
        int isTaken;

        public CancellationToken Cancellation => cancellation;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Take() => Interlocked.Exchange(ref isTaken, 1) == 0;

        /// <summary>Cancelled before it was taken, it never will be.</summary>
        public void Withdraw()
        {
            if (Take())
            {
                Ended.TrySetCanceled(cancellation);
            }
        }
    }
}
