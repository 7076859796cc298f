using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>A generation as pages show it.</summary>
/// <param name="Manifest">Null if it is not finished, or its manifest cannot be read.</param>
/// <param name="Problem">Of the manifest, to follow its file's name; empty if there is none.</param>
/// <param name="Time">UTC: when it was made, by the ledger, else by its folder.</param>
/// <param name="Run">Which made it; null if the ledger does not say.</param>
sealed record GenerationView(GenerationFolder Folder, Manifest? Manifest, string Problem, DateTimeOffset Time, string? Run)
{
    public string Name => Folder.Name;

    /// <summary>"current", "complete", "damaged" or "unfinished".</summary>
    public string State => Folder.State != GenerationState.Finished ? "unfinished" : Manifest is null ? "damaged" : Folder.IsCurrent ? "current" : "complete";

    public static GenerationView Of(GenerationFolder folder, LedgerIndex ledger)
    {
        var maker = ledger.MakerOf(folder.Name);
        var (manifest, problem) = folder.State == GenerationState.Finished ? Read(folder) : (null, "");
        return new GenerationView(folder, manifest, problem, maker?.Time ?? Directory.GetLastWriteTimeUtc(folder.Path), maker?.Run);
    }

    /// <summary>One that cannot be read hides only itself.</summary>
    static (Manifest? Manifest, string Problem) Read(GenerationFolder folder)
    {
        try
        {
            var manifest = ManifestFile.TryRead(folder.Path, out var problem);
            return (manifest, problem);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read ({error.Message.TrimEnd('.')})");
        }
    }
}
