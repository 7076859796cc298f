namespace Pipeline.Stages;

/// <summary>Files of a generation by the names that its manifest has for them. Such a name comes from the disk, so it is not believed before it was looked at.</summary>
public static class PartFile
{
    /// <summary>Absolute path of a file in a generation.</summary>
    /// <exception cref="PipelineException">The name leads out of the folder, or a link lies there (InputMissing).</exception>
    public static string Of(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!IsName(name))
            throw new PipelineException(ExitCode.InputMissing, $"{folder}: '{name}' is no name of a file in this folder. Run the stage that writes it again.");
        return new FileInfo(path).LinkTarget is null
            ? path
            : throw new PipelineException(ExitCode.InputMissing, $"{path} is a link, not a file. A generation holds its own files; run the stage that writes it again.");
    }

    /// <summary>True for the name of one file or folder: no path, and not the folder itself or the one above.</summary>
    public static bool IsWord(string? name) => name is not null && !name.Contains('/') && IsName(name);

    /// <summary>True for names, joined by forward slashes, that stay in the folder.</summary>
    internal static bool IsName(string name) =>
        !name.AsSpan().ContainsAny('\\', '\0') && name.Split('/').All(word => word.Length > 0 && word != "." && word != "..");
}
