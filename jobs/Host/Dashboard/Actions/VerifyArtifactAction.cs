using Pipeline.Host.Dashboard.Artifacts;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Reads every byte of a generation, beside the pages.</summary>
sealed class VerifyArtifactAction : IAction
{
    public string Path => "/artifacts/verify";

    public Task<string> RunAsync(PageRequest request)
    {
        var artifact = ArtifactView.Find(request, request.Field(GenerationTable.Dataset) ?? "", request.Field(GenerationTable.Folder) ?? "");
        var generation = artifact.Generation(request.Field(GenerationTable.Generation) ?? "");
        request.Checks.Start(artifact.Dataset, generation.Folder);
        return Task.FromResult(ArtifactView.Address(artifact.Dataset, artifact.Folder, generation.Name));
    }
}
