using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Serving;

/// <summary>
/// What `serve` does, on standard error: a line for people on a terminal, else one JSON object a line with "time" (UTC), "level", "event" and the
/// event's fields. Secrets are never fields. The web server's own warnings come here too. What cannot be written is counted. Thread-safe.
/// </summary>
/// <param name="isQuiet">Warnings and errors alone.</param>
sealed class ServeLog(TextWriter error, bool isTerminal, bool isQuiet, TimeProvider clock) : ILoggerProvider
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Lock gate = new();
    int lost;

    /// <param name="happened">A few words, always the same for the same thing: "run started".</param>
    /// <param name="fields">A null value is left out.</param>
    public void Write(LogLevel level, string happened, params IReadOnlyList<(string Name, object? Value)> fields)
    {
        if (isQuiet && level < LogLevel.Warning)
        {
            return;
        }

        var known = fields.Where(field => field.Value is not null);
        var line = isTerminal ? Text(level, happened, known) : Object(level, happened, known);
        lock (gate)
        {
            try
            {
                error.WriteLine(line);
                if (lost > 0)
                {
                    (var before, lost) = (lost, 0);
                    Write(LogLevel.Warning, "log lines lost", ("lines", before));
                }
            }
            catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
            {
                // The disk of the log is full: the nights and the pages go on, and the log says so when it can.
                lost++;
            }
        }
    }

    public void Note(string happened, params IReadOnlyList<(string Name, object? Value)> fields) => Write(LogLevel.Information, happened, fields);

    public void Warn(string happened, params IReadOnlyList<(string Name, object? Value)> fields) => Write(LogLevel.Warning, happened, fields);

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    string Object(LogLevel level, string happened, IEnumerable<(string Name, object? Value)> fields)
    {
        var line = new Dictionary<string, object?>
        {
            ["time"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["level"] = Word(level),
            ["event"] = happened,
        };
        foreach (var (name, value) in fields)
        {
            line[name] = value;
        }

        return JsonSerializer.Serialize(line, Json);
    }

    /// <summary>Control characters of a value would move the cursor, or end the line: they are written as JSON writes them.</summary>
    string Text(LogLevel level, string happened, IEnumerable<(string Name, object? Value)> fields) =>
        $"{clock.GetUtcNow().UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {Word(level)}: {happened}"
        + string.Concat(fields.Select(field => $" {field.Name}={JsonSerializer.Serialize(field.Value, Json)}"));

    static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => level.ToString().ToLowerInvariant(),
    };

    sealed class Category(ServeLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, formatter(state, exception), ("source", name), ("exception", exception?.ToString()));
            }
        }
    }
}
