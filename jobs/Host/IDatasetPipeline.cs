using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>One dataset as the command line knows it: what it is called, and the stages that its options ask for.</summary>
public interface IDatasetPipeline
{
    /// <summary>Name in selections and below the data root: "spotify".</summary>
    string Name { get; }

    /// <summary>Where its options lie below `datasets` of pipeline.json; several settings of one dataset share them: "vaccine".</summary>
    string Section => Name;

    /// <summary>How a user's id is formed, as one sentence.</summary>
    string UserIdForm { get; }

    /// <summary>A user that is likely to exist: "jazz+pop"; null where ids say nothing, so that an example is any user of the lists.</summary>
    string? ExampleUser { get; }

    /// <summary>The same configuration with the dataset's relative paths made absolute.</summary>
    /// <param name="resolve">Makes a path absolute.</param>
    PipelineConfiguration Rooted(PipelineConfiguration configuration, Func<string, string> resolve);

    /// <summary>The folder of raw files, absolute; null if a sample is to be made.</summary>
    string? Raw(PipelineConfiguration configuration);

    IReadOnlyList<int> Seeds(PipelineConfiguration configuration);

    /// <summary>In any order: the graph follows from what they read and write.</summary>
    IReadOnlyList<IStage> Stages(PipelineConfiguration configuration);

    /// <summary>The stage that writes generated raw files of the form that the dataset is read in.</summary>
    IStage Sampler(PipelineConfiguration configuration);
}
