namespace Pipeline.Stages;

/// <summary>What asked for a run, if it was not a person's `pipeline run`.</summary>
/// <param name="Origin">One of the words below.</param>
/// <param name="Schedule">Its name in pipeline.json; null if the run belongs to none.</param>
/// <param name="Due">The instant that the run is for; null if a person chose the moment.</param>
/// <param name="Attempt">From 1; above that, runs of the same due instant have failed before.</param>
public sealed record RunCause(string Origin, string? Schedule, DateTimeOffset? Due = null, int Attempt = 1)
{
    /// <summary>The run that this one goes on with; null if it is no other's continuation.</summary>
    public string? Resumes { get; init; }

    /// <summary>The clock.</summary>
    public const string OfSchedule = "schedule";

    /// <summary>A person who asked for a schedule's run now.</summary>
    public const string OfTrigger = "trigger";

    /// <summary>A person who goes on with a run that did not end well.</summary>
    public const string OfResume = "resume";
}
