using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Probes;

/// <summary>Whether every dataset of `default` has had a good night lately: what /readyz answers.</summary>
static class Readiness
{
    /// <param name="runs">The oldest first.</param>
    public static IReadOnlyList<DatasetReadiness> Of(IReadOnlyList<string> datasets, Nights nights, IReadOnlyList<RunHeadline> runs, TimeSpan limit, DateTimeOffset now) =>
        [.. datasets.Select(dataset => Of(dataset, nights.LastSuccess(dataset, runs), runs, limit, now))];

    static DatasetReadiness Of(string dataset, RunHeadline? success, IReadOnlyList<RunHeadline> runs, TimeSpan limit, DateTimeOffset now)
    {
        var age = now - success?.Finished;
        if (age <= limit)
        {
            return new DatasetReadiness(dataset, true, success!.Run, success.Finished, age.Value.TotalHours, null);
        }

        var last = runs.LastOrDefault(run => run.Datasets.Contains(dataset));
        var since = age is { } old ? $"the last success ended {Phrase.Duration(old)} ago, and {limit.TotalHours:0} h are allowed" : "it never succeeded";
        var what = last is null ? "it never ran" : $"{since}; the last run, {last.Run}, {State(last.State)}{(last.Message is { } message ? $": {message}" : "")}";
        return new DatasetReadiness(dataset, false, success?.Run, success?.Finished, age?.TotalHours, what);
    }

    static string State(RunState state) => state switch
    {
        RunState.Running => "is running",
        RunState.Cancelled => "was cancelled",
        _ => state.ToString().ToLowerInvariant(),
    };
}

/// <param name="LastSuccess">The run; null if there was none.</param>
/// <param name="Ended">UTC.</param>
/// <param name="Why">What is late; null if nothing is.</param>
sealed record DatasetReadiness(string Dataset, bool IsReady, string? LastSuccess, DateTimeOffset? Ended, double? AgeHours, string? Why);
