namespace Pipeline.Host;

/// <summary>Every dataset, one line each.</summary>
public static class AllDatasets
{
    public static IReadOnlyList<IDatasetPipeline> List { get; } =
    [
        new SpotifyPipeline(),
        new HmPipeline(),
    ];
}
