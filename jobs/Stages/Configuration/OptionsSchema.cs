using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Stages.Configuration;

/// <summary>Describes option records as JSON Schema (draft 2020-12), so that an editor completes and checks a configuration.</summary>
public static class OptionsSchema
{
    /// <param name="title">What the file is: "pipeline.json".</param>
    public static JsonNode Generate<T>(string title)
        where T : class
    {
        var rules = OptionRules.Of(typeof(T));
        var schema = Describe(rules, OptionsReader.Defaults(rules));
        schema["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        schema.Insert(0, "title", title);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema;
    }

    static JsonObject Describe(OptionRules rules, JsonNode? initial)
    {
        var schema = new JsonObject();
        if (rules.Option is { } option)
            schema["description"] = option.Unit is null ? option.Meaning : $"{option.Meaning} Unit: {option.Unit}.";
        switch (rules.Info.Kind)
        {
            case JsonTypeInfoKind.Object:
                AddRecord(schema, rules, initial as JsonObject);
                return schema;
            case JsonTypeInfoKind.Dictionary:
                schema["type"] = "object";
                schema["additionalProperties"] = Describe(rules.Element(), OptionsReader.Defaults(rules.Element()));
                break;
            case JsonTypeInfoKind.Enumerable:
                schema["type"] = TypeName("array", rules);
                schema["items"] = Describe(rules.Element(), null);
                break;
            default:
                AddLeaf(schema, rules);
                break;
        }

        if (initial is not null)
            schema["default"] = initial.DeepClone();
        return schema;
    }

    static void AddRecord(JsonObject schema, OptionRules rules, JsonObject? initial)
    {
        var properties = new JsonObject();
        foreach (var property in rules.Info.Properties)
        {
            var inner = OptionRules.Of(property);
            properties[property.Name] = Describe(inner, initial?[property.Name] ?? (inner.Info.Kind == JsonTypeInfoKind.Object ? OptionsReader.Defaults(inner) : null));
        }

        schema["type"] = TypeName("object", rules);
        schema["properties"] = properties;
        schema["additionalProperties"] = false;
        if (rules.Info.Properties.Where(property => property.IsRequired).Select(property => (JsonNode)property.Name).ToArray() is { Length: > 0 } required)
            schema["required"] = new JsonArray(required);
    }

    static void AddLeaf(JsonObject schema, OptionRules rules)
    {
        schema["type"] = TypeName(rules.Type == typeof(bool) ? "boolean" : rules.IsWhole ? "integer" : rules.IsNumber ? "number" : "string", rules);
        if (rules.Type.IsEnum)
            schema["enum"] = new JsonArray([.. rules.Names.Select(name => (JsonNode)name), .. rules.AllowsNull ? (JsonNode?[])[null] : []]);
        if (rules.Type == typeof(DateOnly))
            schema["format"] = "date";
        if (rules is not { Range: { } range, IsNumber: true })
            return;
        schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Bound(range.Minimum);
        schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Bound(range.Maximum);
    }

    static JsonNode TypeName(string name, OptionRules rules) => rules.AllowsNull ? new JsonArray(name, "null") : JsonValue.Create(name);

    static JsonNode Bound(object value) => value switch
    {
        int whole => whole,
        double number => number,
        _ => decimal.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture),
    };
}
