namespace Pipeline.Host.Dashboard.Workers;

/// <summary>Somewhere that processes at work on this data root are known.</summary>
interface IWorkerSource
{
    IEnumerable<Worker> Workers(PageRequest request);
}

/// <summary>A process at work on this data root.</summary>
/// <param name="Run">Null while it has none.</param>
/// <param name="What">Datasets or units that it works on.</param>
/// <param name="Command">For people.</param>
/// <param name="Since">UTC.</param>
/// <param name="Source">Where it is known from: "lock", "started here".</param>
sealed record Worker(string Host, int Pid, string? Run, string What, string Command, DateTimeOffset Since, string Source);
