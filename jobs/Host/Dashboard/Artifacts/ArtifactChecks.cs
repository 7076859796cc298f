using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>Generations that are read anew, byte by byte, because somebody asked for it: one at a time, beside the pages. Results live as long as the server. Thread-safe.</summary>
sealed class ArtifactChecks(TimeProvider clock)
{
    readonly Lock gate = new();
    readonly Dictionary<string, ArtifactCheck> checks = new(StringComparer.Ordinal);
    Task last = Task.CompletedTask;
    long version;

    /// <summary>Another number means that a check began or ended.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>The last check of a generation; null if it was not checked since the server started.</summary>
    public ArtifactCheck? Of(string dataset, GenerationFolder folder)
    {
        lock (gate)
        {
            return checks.GetValueOrDefault(KeyOf(dataset, folder));
        }
    }

    /// <summary>Begins a check, unless one of the same generation is under way. It ends by itself.</summary>
    public Task Start(string dataset, GenerationFolder folder)
    {
        lock (gate)
        {
            if (checks.GetValueOrDefault(KeyOf(dataset, folder)) is { IsRunning: true })
            {
                return last;
            }

            Set(KeyOf(dataset, folder), new ArtifactCheck(clock.GetUtcNow(), null, []));
            return last = last.ContinueWith(_ => Check(dataset, folder), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    void Check(string dataset, GenerationFolder folder)
    {
        var started = clock.GetUtcNow();
        IReadOnlyList<VerifyFinding> findings;
        try
        {
            findings = Verifier.Verify(dataset, folder, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            findings = [new VerifyFinding(dataset, folder.Artifact, folder.Name, "", $"cannot be read: {error.Message}")];
        }

        lock (gate)
        {
            Set(KeyOf(dataset, folder), new ArtifactCheck(started, clock.GetUtcNow(), findings));
        }
    }

    void Set(string key, ArtifactCheck check)
    {
        checks[key] = check;
        Interlocked.Increment(ref version);
    }

    static string KeyOf(string dataset, GenerationFolder folder) => $"{dataset}/{folder.Artifact}/{folder.Name}";
}

/// <param name="Started">UTC.</param>
/// <param name="Ended">UTC; null while it runs or waits for another.</param>
/// <param name="Findings">What is wrong; empty of a sound generation.</param>
sealed record ArtifactCheck(DateTimeOffset Started, DateTimeOffset? Ended, IReadOnlyList<VerifyFinding> Findings)
{
    public bool IsRunning => Ended is null;
}
