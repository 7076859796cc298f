using Pipeline.Integrations;

namespace Pipeline.Host;

static partial class Additions
{
    static partial void AddSchedulers(List<SchedulerKind> all) => all.Add(new SchedulerKind(
        "hangfire",
        parts => new HangfireScheduler(
            parts.Schedules, parts.Ledger, parts.Index, parts.Clock, parts.Run, HangfireStorage.Open(Environment.GetEnvironmentVariable(HangfireStorage.Variable))),
        (app, scheduler) => HangfirePage.Map(app, (HangfireScheduler)scheduler)));
}
