using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Health;

/// <summary>Whether the configuration holds and what the datasets need is there.</summary>
static class DataChecks
{
    public static HealthCheck Configuration(Session session)
    {
        const string Name = "configuration";
        try
        {
            return HealthCheck.Ok(Name, session.Configuration.File is { } file ? $"{file} is valid" : $"no {LoadedConfiguration.FileName} here: all defaults");
        }
        catch (PipelineException error)
        {
            return HealthCheck.Fail(Name, error.Message.ReplaceLineEndings(" "), "Correct it; 'pipeline config schema' says what is allowed.", error.Code);
        }
    }

    public static HealthCheck Readable(Session session)
    {
        const string Name = "data";
        try
        {
            return HealthCheck.Ok(Name, Directory.Exists(session.Data.Path) ? "readable" : "none yet");
        }
        catch (PipelineException error)
        {
            return HealthCheck.Fail(Name, error.Message, "Do it as their owner, or let this user read them.", error.Code);
        }
    }

    public static HealthCheck Raw(IDatasetPipeline dataset, PipelineConfiguration configuration)
    {
        var name = $"{dataset.Name} raw";
        if (dataset.Raw(configuration) is not { } folder)
        {
            return HealthCheck.Warn(name, "not set: a run makes a sample", $"For real data: --set datasets.{dataset.Section}.raw=DIR, or the same in pipeline.json.");
        }

        return Directory.Exists(folder)
            ? HealthCheck.Ok(name, folder)
            : HealthCheck.Fail(name, $"{folder} is absent", $"Correct datasets.{dataset.Section}.raw, or remove it to run on a sample.", ExitCode.InputMissing);
    }

    public static HealthCheck Lock(Session session, IDatasetPipeline dataset)
    {
        var name = $"{dataset.Name} lock";
        return DatasetLock.Holder(session.Data, dataset.Name) is { } holder
            ? HealthCheck.Warn(name, $"held by process {holder.Pid} on {holder.Host} since {Phrase.Time(holder.Since)}", "Wait for it to end before you run.")
            : HealthCheck.Ok(name, "free");
    }

    public static HealthCheck LastRun(Session session, IDatasetPipeline dataset)
    {
        var name = $"{dataset.Name} last run";
        return session.Runs().LastOrDefault(run => run.Datasets.Contains(dataset.Name)) switch
        {
            null => HealthCheck.Ok(name, "none yet"),
            { State: RunState.Succeeded or RunState.Running } run => HealthCheck.Ok(name, $"{run.Run}: {run.State.ToString().ToLowerInvariant()}"),
            var run => HealthCheck.Warn(name, $"{run.Run}: {run.State.ToString().ToLowerInvariant()}", $"See: pipeline runs show {run.Run}. Go on: pipeline resume"),
        };
    }
}
