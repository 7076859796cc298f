using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Workers;

/// <summary>Says what to do when units wait and nobody is there who may do them, and in the end fails.</summary>
/// <param name="patience">How long nobody may be there.</param>
sealed class WorkerWatch(StoreAddress address, BuildIdentity identity, NewUnits waiting, TimeSpan patience, TimeProvider clock, Action<string> note)
{
    static readonly TimeSpan BeforeNote = TimeSpan.FromSeconds(5);

    long lastSeen = clock.GetTimestamp();
    bool isNoted;

    /// <param name="workers">All that the store knows.</param>
    /// <exception cref="PipelineException">Nobody came (Busy: it may be tried again).</exception>
    public void Check(IReadOnlyList<WorkerRow> workers)
    {
        List<WorkerRow> alive = [.. workers.Where(worker => worker.IsAlive)];
        if (alive.Exists(worker => Obstacle(worker) is null))
        {
            lastSeen = clock.GetTimestamp();
            return;
        }

        var silence = clock.GetElapsedTime(lastSeen);
        var obstacles = string.Concat(alive.Select(worker => $" {worker.Name} cannot: {Obstacle(worker)}."));
        var missing = $"{waiting.Units[0].Title} waits, and no worker is there for it.{obstacles} Start one: pipeline work --store {address.Text} --data DIR";
        if (silence > patience)
        {
            throw new PipelineException(ExitCode.Busy, $"No worker came within {Phrase.Duration(patience)}: {missing}");
        }

        if (!isNoted && silence > BeforeNote)
        {
            isNoted = true;
            note(missing);
        }
    }

    string? Obstacle(WorkerRow worker) =>
        worker.Build != identity.Build ? $"it is pipeline {worker.Build}, the run is {identity.Build}"
        : worker.Simd != identity.Simd ? $"it computes with {worker.Simd}, the run with {identity.Simd}, which gives other bytes"
        : !worker.Roots.Contains(waiting.Root) ? "its --data is another folder"
        : null;
}
