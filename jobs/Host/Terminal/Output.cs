using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Pipeline.Host.Terminal;

/// <summary>Where a command's results go: text for people, or one JSON document and nothing else.</summary>
sealed class Output(CliContext context, bool isJson, bool isQuiet)
{
    static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Pipes have no width: a table there is as wide as its words.</summary>
    const int Unlimited = 10_000;

    public bool IsJson { get; } = isJson;

    public bool IsQuiet { get; } = isQuiet;

    /// <summary>A line of the result; nothing under --json.</summary>
    public void Line(string text = "")
    {
        if (!IsJson)
        {
            context.Out.WriteLine(Phrase.Visible(text));
        }
    }

    /// <summary>A line beside the result, on standard error; nothing under --quiet.</summary>
    public void Note(string text)
    {
        if (!IsQuiet)
        {
            context.Error.WriteLine(Phrase.Visible(text));
        }
    }

    /// <summary>The result as JSON; nothing without --json.</summary>
    public void Json(object document)
    {
        if (IsJson)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(document, Format));
        }
    }

    /// <summary>A table of the result; columns of numbers are those whose header ends in a space.</summary>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (IsJson)
        {
            return;
        }

        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var header in headers)
        {
            var column = new TableColumn(new Text(header.TrimEnd())) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(header.EndsWith(' ') ? column.RightAligned() : column);
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(Phrase.Visible(cell)))]);
        }

        using var text = new StringWriter();
        Create(text, isTerminal: false, Unlimited).Write(table);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            context.Out.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>A console of Spectre that asks the process nothing.</summary>
    public static IAnsiConsole Create(TextWriter writer, bool isTerminal, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        return console;
    }
}
