using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>A secret comes from the environment or from a file that it names, never from the command line, where every user of the machine sees it.</summary>
static class Secret
{
    const int Shortest = 16;

    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="variable">Holds the secret; VARIABLE_FILE names a file that does, and goes first.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="PipelineException">InvalidConfiguration: no such file, or too short.</exception>
    public static string? Read(Func<string, string?> environment, string variable)
    {
        var file = environment($"{variable}_FILE");
        if (file is { Length: > 0 } && !File.Exists(file))
        {
            throw new PipelineException(ExitCode.InvalidConfiguration, $"{variable}_FILE names {file}, which there is not. Write the secret into it.");
        }

        var secret = file is { Length: > 0 } ? File.ReadAllText(file).Trim() : environment(variable);
        return secret switch
        {
            null or "" => null,
            { Length: < Shortest } => throw new PipelineException(
                ExitCode.InvalidConfiguration, $"{variable} has {secret.Length} letters; it must have at least {Shortest}. Make one: openssl rand -hex 32"),
            _ => secret,
        };
    }
}
