using System.Globalization;
using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>What somebody outside may be told of: how a run ended, or that a run of a schedule could not begin.</summary>
/// <param name="Id">The same whenever it is told: the name of the run, or of the schedule and the instant.</param>
/// <param name="Run">Its name; null if it could not begin.</param>
/// <param name="State">A word: how it ended, or "notStarted".</param>
/// <param name="Began">UTC: when it began, or could not.</param>
/// <param name="Ended">UTC; null of a run that crashed.</param>
sealed record WebhookNews(string Id, string? Run, string State, string? Schedule, DateTimeOffset Began, DateTimeOffset? Ended, ExitCode? Exit, string? Message, bool IsTold)
{
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>Empty of a run that could not begin: its schedule knows what it asks for.</summary>
    public IReadOnlyList<string> Selection { get; init; } = [];

    /// <summary>UTC: of a run that could not begin, the instant that it is for; else null.</summary>
    public DateTimeOffset? Due { get; init; }

    public bool IsGood { get; init; }

    /// <summary>What fails and recovers: a schedule, or a selection that no schedule asked for.</summary>
    public string Subject => Schedule is null ? $"\n{string.Join(' ', Selection)}" : $"{Schedule}\n";

    public static WebhookNews Of(RunHeadline run) => new(run.Run, run.Run, RunsCommand.Word(run.State), run.Schedule, run.Started, run.Finished, run.Exit, run.Message, run.IsTold)
    {
        Datasets = run.Datasets,
        Selection = run.Selection,
        IsGood = run.State == RunState.Succeeded,
    };

    public static WebhookNews Of(FailedFire fire) => new(
        string.Create(CultureInfo.InvariantCulture, $"{fire.Schedule}/{fire.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}"),
        null, "notStarted", fire.Schedule, fire.Time, fire.Time, fire.Exit, fire.Message, fire.IsTold)
    {
        Due = fire.Due,
    };

    /// <summary>The ledger's line that says that it was told.</summary>
    /// <param name="word">What was told.</param>
    public LedgerEntry Told(string word) => Run is null
        ? new LedgerEntry { Event = LedgerEvent.WebhookSent, Schedule = Schedule, Due = Due ?? Began, Message = word }
        : new LedgerEntry { Event = LedgerEvent.WebhookSent, Run = Run, Message = word };
}
