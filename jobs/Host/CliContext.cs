using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>The world as the command line sees it. Nothing else of the process is touched, so tests run many side by side.</summary>
public sealed record CliContext
{
    /// <summary>Results, and nothing but results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, notes and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard error as it is, for the log of a server, which counts what cannot be written; where none is given, <see cref="Error"/>.</summary>
    public TextWriter Log { get => field ?? Error; init; }

    /// <summary>Standard input.</summary>
    public Stream In { get; init; } = Stream.Null;

    /// <summary>Shows a page to the person at this machine; false where there is nothing to show it with. Takes an absolute path.</summary>
    public Func<string, bool> ShowPage { get; init; } = _ => false;

    /// <summary>True if a person watches standard error: progress is drawn as bars, else as lines.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>True if standard output may be coloured.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Columns of the terminal on standard error.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Absolute path that relative paths of the command line start from.</summary>
    public required string CurrentFolder { get; init; }

    /// <summary>Which signal cancelled the command, asked when it was: Cancelled or Terminated.</summary>
    public Func<ExitCode> CancelledBy { get; init; } = () => ExitCode.Cancelled;

    /// <summary>True if the server whose run this is stopped, and nobody wanted the run's end; asked when it was cancelled.</summary>
    public Func<bool> IsInterrupted { get; init; } = () => false;

    /// <summary>The value of an environment variable; null if it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public IReadOnlyList<IDatasetPipeline> Datasets { get; init; } = AllDatasets.List;
}
