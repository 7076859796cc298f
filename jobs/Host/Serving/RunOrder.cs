using Pipeline.Host.Schedule;

namespace Pipeline.Host.Serving;

/// <summary>What a child process of `serve` is to run.</summary>
public sealed record RunOrder
{
    /// <summary>Words of the selection grammar; empty means the default datasets.</summary>
    public IReadOnlyList<string> Selection { get; init; } = [];

    /// <summary>"path=value", over the configuration.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Selected stages run although they are fresh.</summary>
    public bool IsForced { get; init; }

    /// <summary>The run to go on with, instead of a selection.</summary>
    public string? Resumes { get; init; }

    /// <summary>The run that a schedule asks for, with the schedule's selection and settings; null for none.</summary>
    public Fire? Fire { get; init; }

    /// <summary>As arguments of the executable, without those that say where the data are.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        .. Fire is { } fire ? ScheduleBook.Arguments(fire) : Resumes is { } run ? ["resume", run] : (IReadOnlyList<string>)["run", .. Selection],
        .. IsForced ? ["--force"] : Array.Empty<string>(),
        .. Settings.SelectMany(setting => (IEnumerable<string>)["--set", setting]),
    ];
}
