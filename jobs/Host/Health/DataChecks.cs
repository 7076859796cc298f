using Pipeline.Stages;

namespace Pipeline.Host.Health;

/// <summary>Whether what the datasets need is there.</summary>
static class DataChecks
{
    public static HealthCheck Raw(IDatasetPipeline dataset, PipelineConfiguration configuration)
    {
        var name = $"{dataset.Name} raw";
        if (dataset.Raw(configuration) is not { } folder)
        {
            return HealthCheck.Warn(name, "not set: a run makes a sample", $"For real data: --set datasets.{dataset.Name}.raw=DIR, or the same in pipeline.json.");
        }

        return Directory.Exists(folder)
            ? HealthCheck.Ok(name, folder)
            : HealthCheck.Fail(name, $"{folder} is absent", $"Correct datasets.{dataset.Name}.raw, or remove it to run on a sample.", ExitCode.InputMissing);
    }
}
