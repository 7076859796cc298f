using System.Globalization;
using Pipeline.Host.Schedule;
using Pipeline.Stages;
using Pipeline.Unit.Stages;

namespace Pipeline.Unit.Host.Schedule;

/// <summary>One schedule, "nightly", with a ledger on a disk and a clock by hand. A run is a line at its beginning and one at its end.</summary>
sealed class ScheduleWorld : IDisposable
{
    public const string Name = "nightly";

    readonly TempFolder folder = new();
    readonly ScheduleOptions options;
    ScheduleDesk? desk;

    public ScheduleWorld(string now, ScheduleOptions? options = null)
    {
        this.options = options ?? new ScheduleOptions { Cron = "30 2 * * *" };
        Clock.Now = Instant(now);
        Root = new DataRoot(folder.File("data"));
        Ledger = new Ledger(Root, Clock);
    }

    public HandClock Clock { get; } = new();

    public DataRoot Root { get; }

    public Ledger Ledger { get; }

    /// <summary>A new one, as after a start of the server.</summary>
    public LedgerIndex Index => new(Root, Clock);

    /// <summary>What the runs do between their lines.</summary>
    public Func<Fire, CancellationToken, Task> Deed { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How the runs end.</summary>
    public Func<Fire, LedgerEntry> End { get; set; } = _ => new LedgerEntry { Event = LedgerEvent.RunFinished, Exit = ExitCode.Ok };

    /// <summary>What a process does before its run begins: reads the configuration, plans.</summary>
    public Func<CancellationToken, Task> Start { get; set; } = _ => Task.CompletedTask;

    /// <summary>Keeps a run from beginning; null if nothing does.</summary>
    public Exception? Obstacle { get; set; }

    /// <summary>What happens first when a run is to begin.</summary>
    public Action BeforeRun { get; set; } = () => { };

    public ScheduleDesk Desk => desk ??= new ScheduleDesk([new ScheduleEntry(Name, options)], Ledger, Index, Clock, RunAsync, _ => Wakes++);

    /// <summary>How often a visit was asked for before its time.</summary>
    public int Wakes { get; private set; }

    /// <summary>Due instants of the runs that began, in their order: "22T02:30".</summary>
    public IReadOnlyList<string> Began => [.. Lines.Where(line => line.Event == LedgerEvent.RunStarted).Select(Show)];

    /// <summary>What was decided: "Fired 22T02:30".</summary>
    public IReadOnlyList<string> Decided =>
    [
        .. Lines.Where(line => line.Due is not null && line.Event is LedgerEvent.ScheduleFired or LedgerEvent.ScheduleMissed or LedgerEvent.ScheduleSkipped)
            .Select(line => $"{line.Event.ToString()["Schedule".Length..]} {Show(line)}"),
    ];

    public IReadOnlyList<LedgerEntry> Lines => Ledger.Read().Entries;

    /// <summary>Why the last one was decided so.</summary>
    public string? ReasonOf(LedgerEvent what) => Lines.Last(line => line.Event == what).Reason;

    /// <summary>What a visit would do now.</summary>
    /// <param name="isRunning">As the desk knows it: a run has been begun.</param>
    public Decision Decide(bool isRunning) =>
        CatchUp.Decide(Name, options, new FireTimes(options.Cron, TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone)), ScheduleState.Of(Name, Index), isRunning, Clock.Now);

    /// <summary>Visits until nothing is to be begun, as a server does; at a time.</summary>
    /// <returns>When the next visit is wanted.</returns>
    public async Task<DateTimeOffset?> ServeAsync(string? now = null)
    {
        if (now is not null)
            Clock.Now = Instant(now);
        while (true)
        {
            // A run that is just ending has its last line, and still keeps the next from beginning.
            await IdleAsync();
            var before = Lines.Count;
            var next = Desk.Visit(Name);
            await IdleAsync();
            // Whatever a visit decides or begins leaves a line.
            if (Lines.Count == before)
                return next;
        }
    }

    /// <summary>Ends with the run that goes on. The limit is for liveness alone, far beyond the instant that it takes.</summary>
    public Task IdleAsync() => Desk.Idle(Name).WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Visits once and leaves a run that it begins alone.</summary>
    public DateTimeOffset? Visit(string now)
    {
        Clock.Now = Instant(now);
        return Desk.Visit(Name);
    }

    /// <summary>The server ends without a word and another one is there; of the ledger so many lines are on the disk.</summary>
    public void Crash(int? lines = null)
    {
        desk = null;
        if (lines is { } count)
            File.WriteAllLines(Ledger.Path, File.ReadAllLines(Ledger.Path).Take(count));
    }

    /// <summary>Until it is disposed of, what bears the ledger's name leads in a circle, and can be neither read nor written.</summary>
    public IDisposable WithoutLedger() => new UnreadableFile(Ledger.Path);

    public void Dispose()
    {
        desk?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        folder.Dispose();
    }

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static string Show(LedgerEntry line) => $"{line.Due?.UtcDateTime.ToString("dd'T'HH:mm", CultureInfo.InvariantCulture)}{(line.Attempt > 1 ? $" attempt {line.Attempt}" : "")}";

    async Task RunAsync(Fire fire, CancellationToken cancellation)
    {
        BeforeRun();
        await Start(cancellation);
        if (Obstacle is not null)
            throw Obstacle;
        var cause = fire.Cause;
        var run = Ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = [], Origin = cause.Origin, Schedule = cause.Schedule, Due = cause.Due, Attempt = cause.Attempt });
        await Deed(fire, cancellation);
        Ledger.Append(End(fire) with { Run = run });
    }
}
