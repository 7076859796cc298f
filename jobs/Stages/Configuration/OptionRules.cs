using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Stages.Configuration;

/// <summary>What is known about one option: its type, and what its attributes say. The same facts make messages and the schema.</summary>
sealed class OptionRules
{
    OptionRules(Type type, JsonPropertyInfo? property)
    {
        Type = Nullable.GetUnderlyingType(type) ?? type;
        Info = OptionsFormat.Json.GetTypeInfo(Type);
        var attributes = property?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [];
        Range = attributes.OfType<RangeAttribute>().FirstOrDefault();
        Checks = [.. attributes.OfType<ValidationAttribute>().Where(attribute => attribute is not RangeAttribute)];
        Option = attributes.OfType<OptionAttribute>().FirstOrDefault();
    }

    /// <summary>Without Nullable.</summary>
    public Type Type { get; }

    public JsonTypeInfo Info { get; }

    /// <summary>Of a list: holds for its elements.</summary>
    public RangeAttribute? Range { get; private init; }

    /// <summary>Other rules of the property.</summary>
    public IReadOnlyList<ValidationAttribute> Checks { get; }

    public OptionAttribute? Option { get; private init; }

    public bool AllowsNull { get; private init; }

    public bool IsText => Type == typeof(string) || Type.IsEnum || Type == typeof(DateOnly) || Type == typeof(TimeOnly);

    /// <summary>What the value may be, to follow "it must be": "a whole number", "one of: a, b".</summary>
    public string Form => Info.Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object { ... }",
        JsonTypeInfoKind.Enumerable => $"a list [ ... ], each {Element().Form}",
        _ when Type.IsEnum => $"one of: {string.Join(", ", Names)}",
        _ when Type == typeof(bool) => "true or false",
        _ when Type == typeof(string) => "text",
        _ when Type == typeof(DateOnly) => "a date like 2026-01-31",
        _ when IsWhole => "a whole number",
        _ when IsNumber => "a number",
        _ => $"a {Type.Name}",
    };

    /// <summary>Spellings of an enum's values.</summary>
    public IReadOnlyList<string> Names => [.. Enum.GetNames(Type).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public bool IsWhole => Type == typeof(int) || Type == typeof(long) || Type == typeof(uint) || Type == typeof(short) || Type == typeof(byte);

    public bool IsNumber => IsWhole || Type == typeof(float) || Type == typeof(double) || Type == typeof(decimal);

    /// <summary>"1 .. 100", "more than 0 .. 1".</summary>
    public string? Interval => Range is null
        ? null
        : $"{(Range.MinimumIsExclusive ? "more than " : "")}{Text(Range.Minimum)} .. {(Range.MaximumIsExclusive ? "less than " : "")}{Text(Range.Maximum)}";

    public static OptionRules Of(Type type) => new(type, null) { AllowsNull = Nullable.GetUnderlyingType(type) is not null };

    public static OptionRules Of(JsonPropertyInfo property) => new(property.PropertyType, property)
    {
        AllowsNull = Nullable.GetUnderlyingType(property.PropertyType) is not null || (!property.PropertyType.IsValueType && property.IsSetNullable),
    };

    /// <summary>Of a list or dictionary: the rules of what it holds.</summary>
    public OptionRules Element() => new(Info.ElementType!, null)
    {
        AllowsNull = Nullable.GetUnderlyingType(Info.ElementType!) is not null,
        Range = Range,
        Option = Option,
    };

    /// <summary>The property of that name; the lists of names that there are if there is none.</summary>
    public JsonPropertyInfo? Property(string name) => Info.Properties.FirstOrDefault(property => property.Name == name);

    public IEnumerable<string> PropertyNames => Info.Properties.Select(property => property.Name);

    /// <summary>" (default 5000 steps)", or nothing where there is none.</summary>
    public string Default(JsonNode? value) => value is null || value is JsonObject
        ? ""
        : $" (default {(value is JsonArray list ? string.Join(", ", list.Select(Plain)) : Plain(value))}{(Option?.Unit is { } unit ? $" {unit}" : "")})";

    static string Plain(JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? (string)text! : value?.ToJsonString() ?? "null";

    static string Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture)!;
}
