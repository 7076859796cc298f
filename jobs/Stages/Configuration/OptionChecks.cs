using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Stages.Configuration;

/// <summary>Asks every record of a configuration whether its options go together, the inner ones first.</summary>
static class OptionChecks
{
    /// <param name="effective">The defaults with all that was right laid over them. A record with something wrong in it is not asked.</param>
    public static void Run(JsonNode effective, OptionRules rules, OptionErrors errors) => Check(effective, rules, "", errors);

    static void Check(JsonNode? value, OptionRules rules, string path, OptionErrors errors)
    {
        switch (value)
        {
            case JsonObject entries when rules.Info.Kind == JsonTypeInfoKind.Dictionary:
                foreach (var (name, entry) in entries)
                    Check(entry, rules.Element(), OptionsMerge.Join(path, name), errors);
                break;
            case JsonArray list when rules.Info.Kind == JsonTypeInfoKind.Enumerable:
                for (var i = 0; i < list.Count; i++)
                    Check(list[i], rules.Element(), $"{path}[{i}]", errors);
                break;
            case JsonObject record when rules.Info.Kind == JsonTypeInfoKind.Object:
                CheckRecord(record, rules, path, errors);
                break;
            default:
                break;
        }
    }

    static void CheckRecord(JsonObject record, OptionRules rules, string path, OptionErrors errors)
    {
        foreach (var property in rules.Info.Properties)
        {
            var here = OptionsMerge.Join(path, property.Name);
            var inner = OptionRules.Of(property);
            Check(record[property.Name], inner, here, errors);
            if (inner.Checks.Count == 0 || errors.Has(here))
                continue;
            var value = record[property.Name]?.Deserialize(property.PropertyType, OptionsFormat.Json);
            foreach (var check in inner.Checks.Where(check => !check.IsValid(value)))
                errors.Add(here, $"is {(inner.Option is { IsSecret: true } ? OptionSecrets.Mask : record[property.Name]?.ToJsonString() ?? "null")}; {check.FormatErrorMessage("it").TrimEnd('.')}.");
        }

        if (!typeof(IChecked).IsAssignableFrom(rules.Type) || errors.Has(path))
            return;
        foreach (var (name, message) in ((IChecked)record.Deserialize(rules.Type, OptionsFormat.Json)!).Check())
            errors.Add(name.Length > 0 ? OptionsMerge.Join(path, name) : path, message);
    }
}
