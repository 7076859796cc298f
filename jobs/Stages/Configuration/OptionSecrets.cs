using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Stages.Configuration;

/// <summary>
/// Options that not everybody may read: those whose <see cref="OptionAttribute.IsSecret"/> is set. Command lines are seen by every user of a
/// machine, and kept in the ledger, in locks and in logs; so such an option comes from the file alone.
/// </summary>
public static class OptionSecrets
{
    /// <summary>What messages and outputs show instead.</summary>
    public const string Mask = "***";

    /// <summary>The secret option of T that a "path=value" would set; null if there is none.</summary>
    public static string? SetBy<T>(string setting)
        where T : class
    {
        var (path, value) = (setting.Split('=')[0], OptionSetting.Value(setting[(setting.IndexOf('=') + 1)..]));
        var rules = OptionRules.Of(typeof(T));
        foreach (var name in path.Split('.'))
        {
            if (OptionSetting.Child(rules, name) is not { } child)
                return null;
            rules = child;
        }

        return Find(value, rules, path);
    }

    /// <summary>Path of a secret in a value that has one; null, which is none, takes a secret away.</summary>
    internal static string? Find(JsonNode? value, OptionRules rules, string path) => value switch
    {
        null => null,
        _ when rules.Option is { IsSecret: true } => path,
        JsonObject record => record.Select(entry => Inner(rules, entry.Key) is { } inner ? Find(entry.Value, inner, OptionsMerge.Join(path, entry.Key)) : null)
            .FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>Puts something else in the place of every secret.</summary>
    internal static void Replace(JsonObject record, OptionRules rules, string? by)
    {
        foreach (var (name, value) in record.ToList())
        {
            if (value is null || Inner(rules, name) is not { } inner)
                continue;
            if (inner.Option is { IsSecret: true })
                record[name] = by;
            else if (value is JsonObject below)
                Replace(below, inner, by);
        }
    }

    static OptionRules? Inner(OptionRules rules, string name) => rules.Info.Kind == JsonTypeInfoKind.Dictionary
        ? rules.Element()
        : rules.Property(name) is { } property ? OptionRules.Of(property) : null;
}
