using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard;

/// <summary>Inputs with their labels, and forms that ask for a page.</summary>
static class FormField
{
    /// <param name="action">Address of the page, which the fields become the query of.</param>
    public static Element Ask(string action, string button, params IEnumerable<Markup> fields) => new("form")
    {
        ("method", "get"), ("action", action), ("class", "wide"), fields, new Element("button") { ("type", "submit"), button },
    };

    /// <param name="options">Value and what people read.</param>
    /// <param name="chosen">Value of the one that is shown; null for the first.</param>
    public static Element Choice(string name, string label, IEnumerable<(string Value, string Text)> options, string? chosen)
    {
        var select = new Element("select") { ("name", name) };
        foreach (var (value, text) in options)
        {
            var option = new Element("option") { ("value", value), text };
            if (value == chosen)
            {
                option.Add(("selected", ""));
            }

            select.Add(option);
        }

        return new Element("label") { label, select };
    }

    /// <summary>Options that people read as they are.</summary>
    public static Element Choice(string name, string label, IEnumerable<string> options, string? chosen) => Choice(name, label, options.Select(option => (option, option)), chosen);

    public static Element Text(string name, string label, string? value, int size) => new("label")
    {
        label, new Element("input") { ("name", name), ("value", value ?? ""), ("size", size), ("spellcheck", "false"), ("autocomplete", "off") },
    };

    /// <summary>A whole number from 1.</summary>
    public static Element Number(string name, string label, long value, long most) => new("label")
    {
        label, new Element("input") { ("type", "number"), ("name", name), ("value", $"{value}"), ("min", "1"), ("max", $"{most}") },
    };

    public static Element Hidden(string name, string value) => new("input") { ("type", "hidden"), ("name", name), ("value", value) };
}
