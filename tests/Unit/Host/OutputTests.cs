using Pipeline.Host;
using Pipeline.Host.Terminal;

namespace Pipeline.Unit.Host;

public sealed class OutputTests : IDisposable
{
    readonly StringWriter result = new() { NewLine = "\n" };
    readonly StringWriter beside = new() { NewLine = "\n" };

    public void Dispose()
    {
        result.Dispose();
        beside.Dispose();
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown_in_lines_notes_and_tables()
    {
        var output = new Output(new CliContext { Out = result, Error = beside, CurrentFolder = "/" }, isJson: false, isQuiet: false);

        output.Line("line \u001b[1m");
        output.Note("note \u001b[2m");
        output.Table(["name"], [["cell \u001b[3m"]]);

        Assert.Equal("note \\u001b[2m\n", beside.ToString());
        Assert.StartsWith("line \\u001b[1m\n", result.ToString());
        Assert.Contains("cell \\u001b[3m", result.ToString());
    }
}
