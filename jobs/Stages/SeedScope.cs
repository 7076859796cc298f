namespace Pipeline.Stages;

/// <summary>How a stage relates to the seeds of its dataset. An artifact has one generation per seed if its writer runs per seed.</summary>
public enum SeedScope
{
    /// <summary>Nothing random in it: runs once, reads only artifacts without a seed.</summary>
    None,

    /// <summary>Runs once per seed; reads the same seed of artifacts that have one. `current` points at the first seed.</summary>
    Each,

    /// <summary>Runs once, for the first seed: the one that publishes.</summary>
    First,

    /// <summary>Runs once, reads every seed of artifacts that have one.</summary>
    All,
}
