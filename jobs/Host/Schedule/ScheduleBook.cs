using System.Globalization;
using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>One schedule of the configuration.</summary>
sealed class ScheduleEntry(string name, ScheduleOptions options)
{
    public string Name { get; } = name;

    public ScheduleOptions Options { get; } = options;

    public FireTimes Times { get; } = new(options.Cron, TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone));
}

/// <summary>The schedules of pipeline.json, and how a run of each is begun.</summary>
sealed class ScheduleBook
{
    readonly CliContext context;
    readonly CommonValues values;

    public ScheduleBook(CliContext context, CommonValues values)
    {
        this.context = context;
        this.values = values;
        Session = new Session(context, values);
        Entries = [.. Session.Configuration.Value.Schedules.Select(schedule => new ScheduleEntry(schedule.Key, schedule.Value)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>The configuration without the settings of any schedule.</summary>
    public Session Session { get; }

    /// <summary>By name.</summary>
    public IReadOnlyList<ScheduleEntry> Entries { get; }

    /// <exception cref="PipelineException">There is none of that name.</exception>
    public ScheduleEntry Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name) ?? throw new PipelineException(
        ExitCode.Usage,
        $"There is no schedule '{name}'.{NearestNames.Hint(name, Entries.Select(entry => entry.Name))} Declare it in 'schedules' of {LoadedConfiguration.FileName}.");

    /// <summary>All schedules, or the one that is named.</summary>
    public IReadOnlyList<ScheduleEntry> FindOrAll(string? name) => name is null ? Entries : [Find(name)];

    /// <summary>The configuration with the settings of a schedule; those of the command line are stronger.</summary>
    public Session SessionOf(ScheduleEntry entry)
    {
        var folder = Session.Configuration.File is { } file ? Path.GetDirectoryName(file)! : context.CurrentFolder;
        return new Session(context, values with { Overrides = [.. entry.Options.Set.Select(setting => LoadedConfiguration.Rooted(setting, folder, context.Datasets)), .. values.Overrides] });
    }

    /// <summary>What no reading of pipeline.json alone can tell: that the settings and the selection of every schedule mean something.</summary>
    /// <exception cref="PipelineException">They do not; the message names the schedule.</exception>
    public void Check()
    {
        foreach (var entry in Entries)
        {
            try
            {
                var session = SessionOf(entry);
                Selection.Parse(session.Selection(entry.Options.Selection), session.Graphs());
            }
            catch (PipelineException error)
            {
                throw new PipelineException(ExitCode.InvalidConfiguration, $"{LoadedConfiguration.FileName}: schedules.{entry.Name}: {error.Message}", error);
            }
        }
    }

    /// <summary>Runs what a fire asks for, here and now, as `pipeline run` would.</summary>
    public Task<ExitCode> RunAsync(Fire fire, CancellationToken cancellation)
    {
        var entry = Find(fire.Schedule);
        var session = SessionOf(entry);
        var options = new RunOptions(session.Selection(entry.Options.Selection)) { Cause = fire.Cause, TimeoutMinutes = entry.Options.TimeoutMinutes };
        return RunExecution.RunAsync(session, options, cancellation);
    }

    /// <summary>The arguments of a process that does the same, without those that say where data and configuration are.</summary>
    public static IReadOnlyList<string> Arguments(Fire fire) =>
    [
        "schedule", "trigger", fire.Schedule,
        .. fire.Due is { } due
            ? [ScheduleCommand.Due, due.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), ScheduleCommand.Attempt, fire.Attempt.ToString(CultureInfo.InvariantCulture)]
            : Array.Empty<string>(),
    ];
}
