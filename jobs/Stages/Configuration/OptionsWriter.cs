using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages.Configuration;

/// <summary>Shows option records as JSON: everything that is in force, defaults too.</summary>
public static class OptionsWriter
{
    public static JsonNode ToJson<T>(T options)
        where T : class => JsonSerializer.SerializeToNode(options, OptionsFormat.Json)!;

    /// <summary>Indented by two, with a line feed at the end. Reading it again gives the same options, but for secrets.</summary>
    /// <param name="secret">What stands in the place of a secret.</param>
    public static string ToText<T>(T options, string? secret = OptionSecrets.Mask)
        where T : class
    {
        var shown = ToJson(options).AsObject();
        OptionSecrets.Replace(shown, OptionRules.Of(typeof(T)), secret);
        return shown.ToJsonString(OptionsFormat.Json) + "\n";
    }
}
