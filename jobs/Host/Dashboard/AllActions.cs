using Pipeline.Host.Dashboard.Actions;

namespace Pipeline.Host.Dashboard;

/// <summary>Everything that a form can ask for.</summary>
static class AllActions
{
    public static IReadOnlyList<IAction> List { get; } =
    [
        new StartRunAction(), new CancelRunAction(), new ResumeRunAction(), new RerunAction(),
        new TriggerScheduleAction(), new PauseScheduleAction(), new ResumeScheduleAction(),
        new VerifyArtifactAction(), new RollBackAction(),
    ];
}
