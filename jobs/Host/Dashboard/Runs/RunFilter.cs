using System.Globalization;
using Pipeline.Host.Commands;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Runs;

/// <summary>Which runs a reader wants to see; null where anything will do.</summary>
/// <param name="State">"failed".</param>
/// <param name="Day">UTC day on which they began.</param>
/// <param name="Words">Some letters of name, selection or message.</param>
sealed record RunFilter(string? State, string? Dataset, DateOnly? Day, string? Words)
{
    const string DayForm = "yyyy-MM-dd";

    public static RunFilter Of(PageRequest request) => new(
        request.Query("state"),
        request.Query("dataset"),
        DateOnly.TryParseExact(request.Query("day"), DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
        request.Query("words"));

    public bool Fits(RunHeadline run) =>
        (State is null || RunsCommand.Word(run.State) == State)
        && (Dataset is null || run.Datasets.Contains(Dataset))
        && (Day is null || DateOnly.FromDateTime(run.Started.UtcDateTime) == Day)
        && (Words is null || Has(run.Run) || run.Selection.Any(Has) || (run.Message is { } message && Has(message)));

    public string AddressOf(int page)
    {
        (string Name, string? Value)[] values = [("state", State), ("dataset", Dataset), ("day", Day?.ToString(DayForm, CultureInfo.InvariantCulture)), ("words", Words)];
        return string.Concat([$"/runs?page={page}", .. values.Where(value => value.Value is not null).Select(value => $"&{value.Name}={Uri.EscapeDataString(value.Value!)}")]);
    }

    public Element Form(PageRequest request)
    {
        var form = FormField.Ask(
            "/runs",
            "Filter",
            FormField.Choice("state", "State", Any(Enum.GetValues<RunState>().Select(RunsCommand.Word)), State),
            FormField.Choice("dataset", "Dataset", Any(request.Session.Datasets.Select(each => each.Name)), Dataset),
            Input("day", "Day (UTC)", "date", Day?.ToString(DayForm, CultureInfo.InvariantCulture)),
            Input("words", "Words in name, selection or message", "search", Words));
        if (this != new RunFilter(null, null, null, null))
        {
            form.Add(Show.Link("/runs", "Show all"));
        }

        return form;
    }

    static IEnumerable<(string Value, string Text)> Any(IEnumerable<string> values) => [("", "any"), .. values.Select(value => (value, value))];

    bool Has(string text) => text.Contains(Words!, StringComparison.OrdinalIgnoreCase);

    static Element Input(string name, string label, string type, string? value) =>
        new("label") { label, new Element("input") { ("name", name), ("type", type), ("value", value ?? "") } };
}
