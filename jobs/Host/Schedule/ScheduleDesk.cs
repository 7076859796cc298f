using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>Where a scheduler asks what to do: reads the ledger, decides, writes the decision down, and begins the run.</summary>
/// <param name="index">Of the same ledger.</param>
/// <param name="run">Runs what a fire asks for and comes back when that has ended; throws if it could not begin. How it ended is in the ledger.</param>
/// <param name="wake">Asks for a visit of that schedule soon. Called by any thread.</param>
sealed class ScheduleDesk(IReadOnlyList<ScheduleEntry> schedules, Ledger ledger, LedgerIndex index, TimeProvider clock, Func<Fire, CancellationToken, Task> run, Action<string> wake) : IAsyncDisposable
{
    /// <summary>A disk that is full or away is asked again after so long.</summary>
    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource stopping = new();
    readonly IReadOnlyDictionary<string, Post> posts = schedules.ToDictionary(entry => entry.Name, entry => new Post(entry), StringComparer.Ordinal);

    /// <summary>Does what is to be done about a schedule now. May come too early, too late or too often.</summary>
    /// <returns>When to come again at the latest; null for never.</returns>
    public DateTimeOffset? Visit(string schedule)
    {
        var post = posts[schedule];
        lock (post.Gate)
        {
            if (stopping.IsCancellationRequested)
                return null;
            try
            {
                return Decide(post, clock.GetUtcNow());
            }
            catch (Exception error)
            {
                // Whatever it was: nobody would visit the schedule again. Nothing has begun that the ledger does not know, so the same is decided then.
                post.Trouble = error.Message;
                return clock.GetUtcNow() + AfterTrouble;
            }
        }
    }

    /// <summary>Why the schedule cannot go on, for people: what was due is decided about when that has passed. Null if nothing is wrong.</summary>
    public string? TroubleOf(string schedule)
    {
        lock (posts[schedule].Gate)
            return posts[schedule].Trouble;
    }

    /// <summary>Begins a run now, whatever the clock says.</summary>
    /// <exception cref="PipelineException">One goes on (Busy).</exception>
    public void Trigger(string schedule)
    {
        var post = posts[schedule];
        lock (post.Gate)
        {
            if (post.InFlight is not null || ScheduleState.Of(schedule, index).IsRunning)
                throw new PipelineException(ExitCode.Busy, $"A run of schedule {schedule} goes on. Wait for it to end: pipeline status");
            Begin(post, new Fire(schedule, Due: null));
        }
    }

    /// <summary>Ends when no run goes on that was begun here.</summary>
    public Task Idle(string schedule)
    {
        lock (posts[schedule].Gate)
            return posts[schedule].InFlight ?? Task.CompletedTask;
    }

    /// <summary>Cancels the runs that were begun here, and waits for them to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(posts.Keys.Select(Idle));

        stopping.Dispose();
    }

    DateTimeOffset? Decide(Post post, DateTimeOffset now)
    {
        var state = ScheduleState.Of(post.Entry.Name, index);
        var decision = CatchUp.Decide(post.Entry.Name, post.Entry.Options, post.Entry.Times, state, post.InFlight is not null || state.IsRunning, now);
        foreach (var line in decision.Lines)
            ledger.Append(line);
        if (decision.Cancels)
            post.Cancellation?.Cancel();
        if (decision.Start is not null && post.NotBefore > now)
            return decision.Wake < post.NotBefore ? decision.Wake : post.NotBefore;
        post.Trouble = null;
        if (decision.Start is { } fire)
            Begin(post, fire);
        return decision.Wake;
    }

    void Begin(Post post, Fire fire)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        post.Cancellation = cancellation;
        post.InFlight = Task.Run(async () =>
        {
            Exception? error = null;
            try
            {
                await run(fire, cancellation.Token);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            lock (post.Gate)
            {
                try
                {
                    Settle(post, fire, error, cancellation.IsCancellationRequested);
                }
                catch (Exception unsettled)
                {
                    // Owed still, if it has not begun.
                    post.Trouble = unsettled.Message;
                    post.NotBefore = clock.GetUtcNow() + AfterTrouble;
                }

                post.InFlight = null;
                post.Cancellation = null;
                cancellation.Dispose();
            }

            wake(fire.Schedule);
        });
    }

    /// <summary>If the run began, the ledger has the rest of it. If it did not, it is owed, and tried again or given up.</summary>
    void Settle(Post post, Fire fire, Exception? error, bool isCancelled)
    {
        var hasBegun = fire.Due is null
            ? error is null
            : index.LinesOf(fire.Schedule).Any(line => line.Event == LedgerEvent.RunStarted && line.Due == fire.Due && line.Attempt == fire.Attempt);
        if (hasBegun)
        {
            post.Refusals = 0;
            return;
        }

        // Owed still: whoever starts next runs it.
        if (stopping.IsCancellationRequested)
            return;
        if (!isCancelled && fire.Due is { } due && error is not null && RetryPolicy.IsTransient(error) && post.Refusals < post.Entry.Options.Retries)
        {
            post.NotBefore = clock.GetUtcNow() + RetryPolicy.Delay(post.Entry.Options, fire.Schedule, due, ++post.Refusals);
            return;
        }

        post.Refusals = 0;
        var reason = isCancelled ? "it was cancelled before it began" : $"it could not begin: {error?.Message ?? "nothing was run"}";
        ExitCode? exit = isCancelled || error is null ? null : StageFailures.CodeOf(error, ExitCode.StageFailed);
        ledger.Append(new LedgerEntry { Event = LedgerEvent.ScheduleSkipped, Schedule = fire.Schedule, Due = fire.Due, Reason = reason, Exit = exit });
    }

    sealed class Post(ScheduleEntry entry)
    {
        public ScheduleEntry Entry => entry;

        public Lock Gate { get; } = new();

        /// <summary>The run that was begun here and has not ended.</summary>
        public Task? InFlight { get; set; }

        public CancellationTokenSource? Cancellation { get; set; }

        /// <summary>How often the fire that is owed could not begin.</summary>
        public int Refusals { get; set; }

        public DateTimeOffset? NotBefore { get; set; }

        public string? Trouble { get; set; }
    }
}
