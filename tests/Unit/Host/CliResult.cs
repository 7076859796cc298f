using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <param name="Out">All of standard output.</param>
/// <param name="Error">All of standard error.</param>
sealed record CliResult(ExitCode Code, string Out, string Error)
{
    /// <summary>Standard output as one JSON document; fails if it is anything else.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}
