using System.Text.Json;

namespace Pipeline.Stages.Configuration;

/// <summary>Collects what is wrong with a configuration, in the order of finding, each with where it was said.</summary>
sealed class OptionErrors(string fileName)
{
    readonly List<string> messages = [];
    readonly HashSet<string> wrongPaths = new(StringComparer.Ordinal);
    readonly HashSet<string> settings = new(StringComparer.Ordinal);

    /// <summary>From now on what is wrong at or below this path is the setting's fault, not the file's.</summary>
    public void Blame(string settingPath) => settings.Add(settingPath);

    /// <param name="path">"training.steps"; empty for the file itself.</param>
    /// <param name="message">What follows the path: "is 0; it must be ...".</param>
    public void Add(string path, string message)
    {
        wrongPaths.Add(path);
        messages.Add($"{(settings.Any(setting => IsWithin(path, setting)) ? "--set" : fileName)}: {(path.Length > 0 ? $"{path} " : "")}{message}");
    }

    /// <param name="path">Of the option. What was to be its value is not repeated: it may have been meant for a secret.</param>
    public void AddSetting(string path, string message) => messages.Add($"--set {path}: {message}");

    public void AddSyntax(JsonException error)
    {
        var sentence = error.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        messages.Add(error.LineNumber is { } line ? $"{fileName}({line + 1},{(error.BytePositionInLine ?? 0) + 1}): {sentence}" : $"{fileName}: {sentence}");
    }

    /// <summary>True if something at or below this path is wrong already.</summary>
    public bool Has(string path) => wrongPaths.Any(wrong => IsWithin(wrong, path));

    public void ThrowIfAny()
    {
        if (messages.Count > 0)
            throw new PipelineException(ExitCode.InvalidConfiguration, string.Join('\n', messages));
    }

    static bool IsWithin(string path, string outer) =>
        outer.Length == 0 || (path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '['));
}
