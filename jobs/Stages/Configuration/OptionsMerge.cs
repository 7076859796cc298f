using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Stages.Configuration;

/// <summary>
/// Lays what somebody wrote over the defaults, as far as it is right: records property by property, everything else as a whole.
/// What is wrong is reported and left at its default, so that the rest can still be checked.
/// </summary>
/// <param name="defaults">For messages.</param>
sealed class OptionsMerge(OptionErrors errors, JsonObject defaults)
{
    public void Merge(JsonObject target, JsonObject written, OptionRules rules, string path)
    {
        foreach (var (name, value) in written)
        {
            var here = Join(path, name);
            if (rules.Info.Kind == JsonTypeInfoKind.Dictionary)
                Set(target, name, value, rules.Element(), here);
            else if (rules.Property(name) is { } property)
                Set(target, name, value, OptionRules.Of(property), here);
            else
                errors.Add(here, $"is not an option.{NearestNames.Hint(name, rules.PropertyNames)}");
        }
    }

    public void Set(JsonObject target, string name, JsonNode? value, OptionRules rules, string path)
    {
        var before = target.TryGetPropertyValue(name, out var known) ? known : null;
        if (Read(value, before, rules, path) is { IsRight: true } read)
            target[name] = read.Value;
    }

    public static string Join(string path, string name) => path.Length > 0 ? $"{path}.{name}" : name;

    (bool IsRight, JsonNode? Value) Read(JsonNode? value, JsonNode? before, OptionRules rules, string path)
    {
        if (value is null)
        {
            if (rules.AllowsNull)
                return (true, null);
            return Wrong(value, rules, path);
        }

        switch (rules.Info.Kind)
        {
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary:
                return value is JsonObject written ? ReadObject(written, before, rules, path) : Wrong(value, rules, path);
            case JsonTypeInfoKind.Enumerable:
                return value is JsonArray list ? ReadList(list, rules, path) : Wrong(value, rules, path);
            default:
                return ReadLeaf(value, rules, path);
        }
    }

    (bool IsRight, JsonNode? Value) ReadObject(JsonObject written, JsonNode? before, OptionRules rules, string path)
    {
        // A dictionary is replaced as a whole; an entry that was there before is what the new one of its name is laid over.
        var target = (before ?? (rules.Info.Kind == JsonTypeInfoKind.Object ? OptionsReader.Defaults(rules) : null))?.DeepClone() as JsonObject ?? [];
        Merge(target, written, rules, path);
        if (rules.Info.Kind == JsonTypeInfoKind.Dictionary)
        {
            foreach (var name in target.Select(entry => entry.Key).Where(name => !written.ContainsKey(name)).ToList())
                target.Remove(name);
        }
        else
        {
            foreach (var property in rules.Info.Properties.Where(property => property.IsRequired && !target.ContainsKey(property.Name) && !errors.Has(Join(path, property.Name))))
                errors.Add(Join(path, property.Name), $"is missing; it must be {OptionRules.Of(property).Form}.");
        }

        return (true, target);
    }

    (bool IsRight, JsonNode? Value) ReadList(JsonArray list, OptionRules rules, string path)
    {
        var element = rules.Element();
        var read = list.Select((value, index) => Read(value, null, element, $"{path}[{index}]")).ToList();
        return (read.TrueForAll(value => value.IsRight), new JsonArray([.. read.Select(value => value.Value?.DeepClone())]));
    }

    (bool IsRight, JsonNode? Value) ReadLeaf(JsonNode value, OptionRules rules, string path)
    {
        object? read;
        try
        {
            read = value.Deserialize(rules.Type, OptionsFormat.Json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return Wrong(value, rules, path);
        }

        if (read is string text && text.Contains('\0'))
        {
            errors.Add(path, "holds a null character, which no text may.");
            return (false, null);
        }

        if (rules.Range is { } range && !range.IsValid(read))
        {
            errors.Add(path, $"is {Show(value, rules)}; it must be within {rules.Interval}{rules.Default(DefaultOf(path))}.");
            return (false, null);
        }

        return (true, value.DeepClone());
    }

    (bool IsRight, JsonNode? Value) Wrong(JsonNode? value, OptionRules rules, string path)
    {
        errors.Add(path, $"is {Show(value, rules)}; it must be {rules.Form}{(rules.Interval is { } interval ? $" within {interval}" : "")}{rules.Default(DefaultOf(path))}.");
        return (false, null);
    }

    /// <summary>Of an element, the default of its list; null where there is none.</summary>
    JsonNode? DefaultOf(string path) =>
        path.Split('.').Aggregate((JsonNode?)defaults, (node, name) => (node as JsonObject)?[name.Split('[')[0]]);

    static string Show(JsonNode? value, OptionRules rules) => value switch
    {
        null => "null",
        _ when rules.Option is { IsSecret: true } => OptionSecrets.Mask,
        JsonObject => "an object",
        JsonArray => "a list",
        _ => value.ToJsonString(),
    };
}
