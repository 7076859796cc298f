using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>How a report makes its intervals and tests.</summary>
/// <param name="Resamples">Of the bootstrap.</param>
/// <param name="Chance">The stream of a purpose and a number.</param>
/// <param name="Threads">Never changes a number.</param>
public sealed record Resampling(int Resamples, Func<string, uint, RandomStream> Chance, int Threads);
