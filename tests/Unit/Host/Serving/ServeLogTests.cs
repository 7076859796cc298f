using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pipeline.Host.Serving;

namespace Pipeline.Unit.Host.Serving;

public sealed class ServeLogTests
{
    readonly StringWriter text = new() { NewLine = "\n" };

    [Fact]
    public void Where_nobody_watches_each_event_is_a_json_object_on_a_line_of_its_own()
    {
        using var log = new ServeLog(text, isTerminal: false, isQuiet: false, new ManualClock());

        log.Note("run ended", ("exit", 4), ("none", null), ("message", "two\nlines \"quoted\""));

        Assert.Equal("{\"time\":\"2026-11-20T02:00:00.000Z\",\"level\":\"info\",\"event\":\"run ended\",\"exit\":4,\"message\":\"two\\nlines \\\"quoted\\\"\"}\n", text.ToString());
    }

    [Fact]
    public void On_a_terminal_it_is_a_line_for_people_that_moves_no_cursor()
    {
        using var log = new ServeLog(text, isTerminal: true, isQuiet: false, new ManualClock());

        log.Warn("run crashed", ("run", "a\u001b[2Jb\n"));

        Assert.Equal("02:00:00 warning: run crashed run=\"a\\u001B[2Jb\\n\"\n", text.ToString());
    }

    [Fact]
    public void What_a_full_disk_loses_of_the_log_stops_nothing_and_is_counted()
    {
        var disk = new FullDisk { NewLine = "\n", IsFull = true };
        using var log = new ServeLog(disk, isTerminal: false, isQuiet: false, new ManualClock());

        log.Note("run started");
        log.Note("run ended");
        disk.IsFull = false;
        log.Note("stopping");

        var lines = disk.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("\"stopping\"", lines[0]);
        Assert.EndsWith("\"event\":\"log lines lost\",\"lines\":2}", lines[1]);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void Quiet_keeps_warnings_and_the_web_servers_errors_come_too()
    {
        using var log = new ServeLog(text, isTerminal: false, isQuiet: true, new ManualClock());

        log.Note("serving");
        log.CreateLogger("Kestrel").LogInformation("Not this.");
        log.CreateLogger("Kestrel").LogError(new InvalidOperationException("Broken."), "It failed.");

        var line = JsonDocument.Parse(text.ToString()).RootElement;
        Assert.Equal(("error", "It failed.", "Kestrel"), (line.GetProperty("level").GetString(), line.GetProperty("event").GetString(), line.GetProperty("source").GetString()));
        Assert.Contains("Broken.", line.GetProperty("exception").GetString());
    }

    sealed class FullDisk : StringWriter
    {
        public bool IsFull { get; set; }

        public string Text => GetStringBuilder().ToString();

        public override void WriteLine(string? value)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }

            base.WriteLine(value);
        }
    }
}
