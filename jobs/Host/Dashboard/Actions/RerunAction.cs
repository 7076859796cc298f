using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Runs a stage of an earlier run and all that comes after it again, with the settings of that run.</summary>
sealed class RerunAction : IAction
{
    public string Path => "/runs/{run}/rerun";

    public Task<string> RunAsync(PageRequest request)
    {
        var run = request.FindRun(request.Route("run"));
        var stage = request.Field("stage") ?? "";
        return run.Stages.Any(each => each.Stage == stage)
            ? StartedRun.AddressAsync(request, new RunOrder { Selection = [$"{stage}+"], Settings = run.Settings, IsForced = true })
            : throw new PipelineException(ExitCode.Usage, $"Run {run.Run} has no stage '{stage}'.{NearestNames.Hint(stage, run.Stages.Select(each => each.Stage))}");
    }
}
