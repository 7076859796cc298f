using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>How a report makes its intervals and tests: one way for its tables, curves and groups.</summary>
/// <param name="Resamples">Of the bootstrap.</param>
/// <param name="Chance">The stream of a purpose and a number.</param>
/// <param name="Threads">Never changes a number.</param>
/// <param name="SharesUsers">True if all seeds test the same users: they are then one sample of users, not several, and are crossed with the seeds.</param>
public sealed record Resampling(int Resamples, Func<string, uint, RandomStream> Chance, int Threads, bool SharesUsers)
{
    /// <summary>Draws the resamples of some users. The same users of the same purpose are the same resamples, so that what is measured twice stays paired.</summary>
    /// <param name="values">By seed.</param>
    public Bootstrap Draw(string purpose, IReadOnlyList<UserValues> values) =>
        Bootstrap.Draw(values, Resamples, resample => Chance(purpose, resample), Threads, SharesUsers);
}
