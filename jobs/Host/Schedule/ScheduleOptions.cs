using System.ComponentModel.DataAnnotations;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host.Schedule;

/// <summary>What becomes of a due instant while the schedule's last run still goes on.</summary>
public enum Overlap
{
    /// <summary>No run; the ledger says so.</summary>
    Skip,

    /// <summary>Its run begins when the last one has ended. Several that wait begin in order.</summary>
    Queue,

    /// <summary>The last run is cancelled, then its run begins.</summary>
    Cancel,
}

/// <summary>What becomes of due instants at which nobody was there.</summary>
public enum Missed
{
    /// <summary>One run for the latest of them.</summary>
    Once,

    /// <summary>No run.</summary>
    None,

    /// <summary>A run for each, in order.</summary>
    All,
}

/// <summary>`schedules.NAME` of pipeline.json.</summary>
public sealed record ScheduleOptions : IChecked
{
    [Option("When: five fields as Unix cron (minute hour day-of-month month day-of-week, Sunday is 0 or 7), or six or seven as Quartz (seconds first, Sunday is 1, year last).")]
    public required string Cron { get; init; }

    [Option("IANA time zone that the cron is meant in, as Europe/Berlin.")]
    public string TimeZone { get; init; } = "UTC";

    [Option("Words that select stages, as in `pipeline run`; none means the datasets of 'default'.")]
    public IReadOnlyList<string> Selection { get; init; } = [];

    [Option("Options that differ from those of this file in the schedule's runs, as \"datasets.hm.raw=DIR\"; paths are relative to this file.")]
    public IReadOnlyList<string> Set { get; init; } = [];

    [Option("What becomes of a due instant while the last run of the schedule goes on: no run (skip), a run after it (queue), or a run instead of it (cancel).")]
    public Overlap Overlap { get; init; } = Overlap.Skip;

    [Option("What becomes of due instants at which no server was up: one run for the latest (once), no run (none), a run for each in order (all).")]
    public Missed Missed { get; init; } = Missed.Once;

    [Option("How long a run may take; 0 means as long as it takes.", Unit = "minutes")]
    [Range(0, 525_600)]
    public int TimeoutMinutes { get; init; }

    [Option("How often a run is tried again that failed for a passing reason: a busy dataset, a disk or network folder that failed, a crash, a stop of the server.", Unit = "attempts")]
    [Range(0, 100)]
    public int Retries { get; init; } = 2;

    [Option("Before the first of them; doubled before each further one, and up to a quarter longer so that schedules do not march in step.", Unit = "seconds")]
    [Range(0, 86_400)]
    public int RetryDelaySeconds { get; init; } = 60;

    [Option("No runs by the clock until somebody resumes it: `pipeline schedule resume NAME`.")]
    public bool Paused { get; init; }

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (CronText.Error(Cron) is { } error)
        {
            yield return ("cron", $"is '{Cron}'; {error}");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            var known = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).ToList();
            yield return ("timeZone", known.Count > 1
                ? $"is '{TimeZone}'; it must be an IANA time zone.{NearestNames.Hint(TimeZone, known, count: 3)}"
                : $"is '{TimeZone}', but this machine knows no time zone except UTC: install tzdata.");
        }
    }
}
