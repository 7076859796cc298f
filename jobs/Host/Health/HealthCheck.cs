using Pipeline.Stages;

namespace Pipeline.Host.Health;

enum Verdict
{
    Ok,
    Warn,
    Fail,
}

/// <summary>One line of `pipeline doctor`.</summary>
/// <param name="Name">What was looked at: "data root".</param>
/// <param name="Found">What was found there.</param>
/// <param name="Advice">What to do about it; null if all is well.</param>
/// <param name="Code">The exit code that a run would end with; Ok unless the verdict is Fail.</param>
sealed record HealthCheck(string Name, Verdict Verdict, string Found, string? Advice = null, ExitCode Code = ExitCode.Ok)
{
    public static HealthCheck Ok(string name, string found) => new(name, Verdict.Ok, found);

    public static HealthCheck Warn(string name, string found, string advice) => new(name, Verdict.Warn, found, advice);

    public static HealthCheck Fail(string name, string found, string advice, ExitCode code) => new(name, Verdict.Fail, found, advice, code);
}
