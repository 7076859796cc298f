namespace Pipeline.Features.Negatives;

/// <summary>Every strategy, one line each.</summary>
public static class AllNegatives
{
    public static IReadOnlyList<INegativeSampler> List { get; } =
    [
        new UniformNegatives(),
        new PopularityNegatives(),
        new HardNegatives(),
        new InBatchNegatives(),
        new MixedNegatives(),
    ];

    public static INegativeSampler Of(NegativeKind kind) => List.Single(sampler => sampler.Kind == kind);
}
