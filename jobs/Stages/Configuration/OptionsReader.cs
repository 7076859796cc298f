using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages.Configuration;

/// <summary>Reads a JSON file into option records, strictly: whatever is wrong is reported, all of it at once.</summary>
public static class OptionsReader
{
    const string SchemaKey = "$schema";

    /// <param name="text">JSON; comments and trailing commas are allowed, and `$schema` at the top.</param>
    /// <param name="fileName">For messages: "pipeline.json".</param>
    /// <param name="settings">"path=value": set over what the file says, the later over the earlier.</param>
    /// <exception cref="PipelineException">InvalidConfiguration, with every error on a line of its own.</exception>
    public static T Read<T>(string text, string fileName, IReadOnlyList<string> settings)
        where T : class
    {
        var errors = new OptionErrors(fileName);
        var rules = OptionRules.Of(typeof(T));
        var effective = Defaults(rules) as JsonObject ?? [];
        var file = Parse(text, errors);
        file?.Remove(SchemaKey);
        var merge = new OptionsMerge(errors, effective.DeepClone().AsObject());
        if (file is not null)
            merge.Merge(effective, file, rules, "");
        foreach (var setting in settings)
            new OptionSetting(setting, errors).Apply(effective, rules, merge);
        OptionChecks.Run(effective, rules, errors);
        errors.ThrowIfAny();
        return effective.Deserialize<T>(OptionsFormat.Json)!;
    }

    /// <summary>What an object has if nothing is said about it; null if something must be said.</summary>
    internal static JsonNode? Defaults(OptionRules rules)
    {
        try
        {
            return JsonSerializer.SerializeToNode(JsonSerializer.Deserialize("{}", rules.Type, OptionsFormat.Json), rules.Type, OptionsFormat.Json);
        }
        catch (JsonException)
        {
            // A required property: there is no default.
            return null;
        }
    }

    static JsonObject? Parse(string text, OptionErrors errors)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add("", "is empty; it must be an object { ... }, which may hold nothing: {}.");
            return null;
        }

        try
        {
            if (JsonNode.Parse(text, documentOptions: options) is JsonObject file)
                return file;
            errors.Add("", "must be an object { ... }.");
        }
        catch (JsonException error)
        {
            errors.AddSyntax(error);
        }

        return null;
    }
}
