using System.CommandLine;
using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`serve --scheduler`, which only a build with <see cref="Additions"/> has.</summary>
sealed class SchedulerOption
{
    static readonly SchedulerKind Quartz = new(
        "quartz", parts => new QuartzScheduler(parts.Schedules, parts.Ledger, parts.Index, parts.Clock, parts.Run), (_, _) => { });

    readonly Option<string?> scheduler = new("--scheduler") { Description = $"What rings at the instants of the schedules: {Names}. Default: quartz.", HelpName = "NAME" };

    public void AddTo(Command serve)
    {
        if (Additions.Schedulers.Count > 0)
        {
            serve.Add(scheduler);
        }
    }

    /// <exception cref="PipelineException">There is none of that name.</exception>
    public SchedulerKind Read(ParseResult parsed)
    {
        var name = Additions.Schedulers.Count > 0 ? parsed.GetValue(scheduler) ?? Quartz.Name : Quartz.Name;
        return All.FirstOrDefault(kind => kind.Name == name) ?? throw new PipelineException(ExitCode.Usage, $"--scheduler is '{name}'; this build knows {Names}.");
    }

    static IEnumerable<SchedulerKind> All => [Quartz, .. Additions.Schedulers];

    static string Names => string.Join(", ", All.Select(kind => kind.Name));
}
