using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>
/// `logs/RUN.progress.json` in the data root: how far the running stages are, for whoever watches from another process. Written at most twice
/// a second, replaced in one step, gone when the run ends; one that a crash left behind says nothing.
/// </summary>
sealed class ProgressFile(DataRoot data, string run, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    readonly string path = PathOf(data, run);
    readonly Dictionary<string, ProgressMeter> meters = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    long written;

    /// <summary>What the file says now; empty if there is none, or if it is just being written.</summary>
    public static IReadOnlyList<StageProgress> Read(DataRoot data, string run)
    {
        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<StageProgress>>(File.ReadAllBytes(PathOf(data, run)), JsonSerializerOptions.Web) ?? [];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // Not running, or a file of another version: there is no progress to show, and the run is shown all the same.
            return [];
        }
    }

    public void Started(string stage)
    {
        lock (gate)
        {
            meters[stage] = new ProgressMeter(clock);
        }
    }

    public void Report(string stage, long done, long total, string unit)
    {
        lock (gate)
        {
            if (!meters.TryGetValue(stage, out var meter))
            {
                return;
            }

            meter.Report(done, total, unit);
            if (written == 0 || clock.GetElapsedTime(written) >= Shortest)
            {
                written = clock.GetTimestamp();
                Write();
            }
        }
    }

    public void Ended(string stage)
    {
        lock (gate)
        {
            meters.Remove(stage);
        }
    }

    public void Dispose() => File.Delete(path);

    void Write()
    {
        var stages = meters.Where(stage => stage.Value.Unit.Length > 0).Select(stage => new StageProgress(
            stage.Key, stage.Value.Done, stage.Value.Total, stage.Value.Unit, stage.Value.Fraction, stage.Value.ToString()));
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(stages, JsonSerializerOptions.Web));
        File.Move(path + ".new", path, overwrite: true);
    }

    static string PathOf(DataRoot data, string run) => Path.Combine(data.Path, "logs", $"{run}.progress.json");
}

/// <summary>How far one stage is.</summary>
/// <param name="Stage">The title of the work: "spotify/train/mamba (seeds 1, 2)".</param>
/// <param name="Total">0 if the stage does not know.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Fraction">0 .. 1.</param>
/// <param name="Text">"1,200 of 5,000 steps, 98 steps/s, 39 s left".</param>
sealed record StageProgress(string Stage, long Done, long Total, string Unit, double Fraction, string Text);
