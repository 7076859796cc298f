using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Takes published lists back to an earlier generation, or releases them: `pipeline rollback` in a process of its own.</summary>
sealed class RollBackAction : IAction
{
    public string Path => "/artifacts/rollback";

    public async Task<string> RunAsync(PageRequest request)
    {
        var artifact = ArtifactView.Find(request, request.Field(GenerationTable.Dataset) ?? "", request.Field(GenerationTable.Folder) ?? "");
        IReadOnlyList<string> how = request.Field(GenerationTable.Release) is not null
            ? ["--release"]
            : ["--to", artifact.Generation(request.Field(GenerationTable.Generation) ?? "").Name];
        var (exit, message) = await request.Launcher.RunAsync(["rollback", artifact.Dataset, artifact.Folder, .. how]);
        return exit == ExitCode.Ok ? ArtifactView.Address(artifact.Dataset, artifact.Folder) : throw new PipelineException(exit, message);
    }
}
