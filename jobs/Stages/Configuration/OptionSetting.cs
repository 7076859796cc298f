using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Stages.Configuration;

/// <summary>One --set: "path=value". The value is JSON where the option wants JSON, and plain text where it wants text.</summary>
sealed class OptionSetting(string setting, OptionErrors errors)
{
    public void Apply(JsonObject effective, OptionRules rules, OptionsMerge merge)
    {
        var equals = setting.IndexOf('=');
        if (equals <= 0)
        {
            errors.AddSetting(equals < 0 && !setting.AsSpan().ContainsAny(":@/") ? setting : OptionSecrets.Mask, "write it as path=value, such as training.steps=100.");
            return;
        }

        var path = setting[..equals];
        var names = path.Split('.');
        var (target, at) = (effective, "");
        for (var i = 0; i < names.Length; i++)
        {
            if (Child(rules, names[i]) is not { } child)
            {
                errors.AddSetting(path, $"{OptionsMerge.Join(at, names[i])} is not an option.{Hint(rules, target, names[i], at)}");
                return;
            }

            (rules, at) = (child, OptionsMerge.Join(at, names[i]));
            if (i == names.Length - 1)
            {
                errors.Blame(path);
                var value = Value(setting[(equals + 1)..], rules);
                if (OptionSecrets.Find(value, rules, path) is { } secret)
                    errors.AddSetting(path, $"{secret} is secret, and others could read it in the list of processes and in the ledger. Put it into the configuration file.");
                else
                    merge.Set(target, names[i], value, rules, path);
                return;
            }

            if (rules.Info.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
                continue;
            if (target[names[i]] is not JsonObject next)
            {
                next = OptionsReader.Defaults(rules) as JsonObject ?? [];
                target[names[i]] = next;
            }

            target = next;
        }
    }

    internal static OptionRules? Child(OptionRules rules, string name) => rules.Info.Kind switch
    {
        JsonTypeInfoKind.Object => rules.Property(name) is { } property ? OptionRules.Of(property) : null,
        JsonTypeInfoKind.Dictionary => rules.Element(),
        _ => null,
    };

    static string Hint(OptionRules rules, JsonObject target, string name, string at)
    {
        if (rules.Info.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
            return $" {at} is {rules.Form}.";
        var known = rules.Info.Kind == JsonTypeInfoKind.Object ? rules.PropertyNames : target.Select(entry => entry.Key);
        return NearestNames.Hint(OptionsMerge.Join(at, name), known.Select(option => OptionsMerge.Join(at, option)));
    }

    static JsonNode? Value(string text, OptionRules rules)
    {
        var parsed = Value(text);

        // "2024" is a fine name for a folder.
        return rules.IsText && parsed is not null && parsed.GetValueKind() != JsonValueKind.String ? JsonValue.Create(text) : parsed;
    }

    internal static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
