namespace Pipeline.Unit;

/// <summary>Real files that are never part of the project. They lie beside its root, in `../shared/data`, where a machine has them.</summary>
static class RealData
{
    /// <summary>Absolute path of a data set's folder, whether it exists or not.</summary>
    public static string Folder(string name) => Path.GetFullPath(Path.Combine(Root(), "..", "shared", "data", name));

    /// <summary>The nearest folder above the test assembly that holds the solution.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Pipeline.sln.");
    }
}

/// <summary>A test over real files; skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    /// <param name="folder">Below `../shared/data`: "spotify".</param>
    public RealDataFactAttribute(string folder)
    {
        if (!Directory.Exists(RealData.Folder(folder)))
        {
            Skip = $"The real files are not on this machine: no folder ../shared/data/{folder} beside the project.";
        }
    }
}
