namespace Pipeline.Host;

/// <summary>Every dataset, one line each.</summary>
public static class AllDatasets
{
    public static IReadOnlyList<IDatasetPipeline> List { get; } =
    [
        new SpotifyPipeline(),
        new HmPipeline(),
        new VaccinePipeline(25, 25),
        new VaccinePipeline(25, 50),
        new VaccinePipeline(25, 100),
        new VaccinePipeline(50, 50),
        new VaccinePipeline(50, 100),
        new VaccinePipeline(100, 100),
    ];
}
