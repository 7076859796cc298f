using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Bench;

/// <summary>The three shapes of data of the paper, with features drawn by chance: times do not depend on their values.</summary>
sealed record World(string Name, FeatureSpec Users, FeatureSpec Items)
{
    const int PairCount = 32_000;

    public static IReadOnlyList<World> All { get; } =
    [
        new("spotify", Spec(20), Spec(0, 50)),
        new("hm", Spec(1, 2, 3, 4, 4), Spec(0, 100)),
        new("vaccine", Spec(1, 3, 5, 6, 4, 6, 5, 6), Spec(0, 100)),
    ];

    public TrainingSet TrainingSet(int seed)
    {
        const int userCount = 1000;
        var itemCount = Items.Categories[0].Cardinality;
        var chance = new RandomStream(seed, "pairs");
        int[] Draw(int bound) => [.. Enumerable.Range(0, PairCount).Select(_ => chance.NextInt(bound))];
        return new TrainingSet(
            seed, Table(Users, userCount), Table(Items, itemCount), new Pairs(Draw(userCount), Draw(itemCount), Draw(2)), new Pairs([], [], []),
            new TestUsers([], []), [], LabelTarget.Liked);
    }

    public static EncodedTable Table(FeatureSpec spec, int rows)
    {
        var chance = new RandomStream(1, "table");
        return new(
            spec, [.. Enumerable.Range(0, rows).Select(row => $"{row}")], null,
            [.. Enumerable.Range(0, rows * spec.Numeric.Count).Select(_ => (float)chance.NextInt(2))],
            [.. Enumerable.Range(0, rows).SelectMany(_ => spec.Categories.Select(category => chance.NextInt(category.Cardinality)))]);
    }

    static FeatureSpec Spec(int numeric, params int[] cardinalities) => new(
        [.. Enumerable.Range(0, numeric).Select(j => $"n{j}")], [.. cardinalities.Select((cardinality, k) => new CategoryFeature($"c{k}", cardinality))]);
}
