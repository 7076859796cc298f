using System.Diagnostics;
using System.Globalization;
using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Kernels.Simd;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Bench;

/// <summary>Times whole training steps of the paper's models: batch, forward, backward, Adam. The cases take turns, so that drift of the clock hits all alike.</summary>
static class StepBench
{
    const int Rounds = 5;

    static readonly (string Name, FeatureSpec Users, FeatureSpec Items)[] Shapes =
    [
        ("spotify", Spec(20), Spec(0, 50)),
        ("hm", Spec(1, 2, 3, 4, 4), Spec(0, 100)),
        ("vaccine", Spec(1, 3, 5, 6, 4, 6, 5, 6), Spec(0, 100)),
    ];

    public static int Run(int threads, int seconds)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, {SimdLevel.Name}, batch 32, float32"));
        var cases = (
            from shape in Shapes
            from tower in AllTowers.List
            select (Name: $"{shape.Name}/{tower.Name}", Kernels: new CpuKernels(threads), shape.Users, shape.Items, Tower: tower)).ToList();
        var trainers = cases.Select(item => new Trainer(item.Kernels, item.Tower, new TrainingOptions(), [Set(item.Users, item.Items)])).ToList();
        var times = cases.Select(_ => new List<double>()).ToList();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < cases.Count; i++)
            {
                // The first round warms up.
                Measure(trainers[i], times[i], TimeSpan.FromSeconds(seconds / (double)Rounds));
                if (round == 0)
                {
                    times[i].Clear();
                }
            }
        }

        for (var i = 0; i < cases.Count; i++)
        {
            times[i].Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{cases[i].Name,-22} median {times[i][times[i].Count / 2],6:f2} ms   best {times[i][0],6:f2} ms   {times[i].Count} steps"));
            cases[i].Kernels.Dispose();
        }

        return 0;
    }

    /// <summary>Where a step's time goes, kernel by kernel and shape by shape.</summary>
    public static int Profile(int threads, int steps)
    {
        foreach (var (name, users, items) in Shapes)
        {
            foreach (var tower in AllTowers.List)
            {
                using var kernels = new ProfiledKernels(new CpuKernels(threads));
                var trainer = new Trainer(kernels, tower, new TrainingOptions(), [Set(users, items)]);
                Advance(trainer, steps / 4);
                kernels.Reset();
                Advance(trainer, steps);
                Console.WriteLine($"{name}/{tower.Name}, {threads} threads: milliseconds per step");
                foreach (var (kernel, milliseconds, calls) in kernels.Times)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {milliseconds / steps,7:f3}  {calls / steps,3} x {kernel}"));
                }
            }
        }

        return 0;
    }

    static void Advance(Trainer trainer, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            trainer.Advance();
        }
    }

    static void Measure(Trainer trainer, List<double> times, TimeSpan budget)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < budget;)
        {
            var step = Stopwatch.GetTimestamp();
            trainer.Advance();
            times.Add(Stopwatch.GetElapsedTime(step).TotalMilliseconds);
        }
    }

    static TrainingSet Set(FeatureSpec users, FeatureSpec items)
    {
        const int Rows = 1000, PairCount = 32_000;
        var chance = new RandomStream(1, "bench");
        var userTable = Table(users, Rows, chance);
        var itemTable = Table(items, items.Categories[0].Cardinality, chance);
        int[] Draw(int bound) => [.. Enumerable.Range(0, PairCount).Select(_ => chance.NextInt(bound))];
        return new TrainingSet(
            1, userTable, itemTable, new Pairs(Draw(Rows), Draw(itemTable.Count), Draw(2)), new Pairs([], [], []), new TestUsers([], []), []);
    }

    static EncodedTable Table(FeatureSpec spec, int rows, RandomStream chance) => new(
        spec, [.. Enumerable.Range(0, rows).Select(row => $"{row}")], null,
        [.. Enumerable.Range(0, rows * spec.Numeric.Count).Select(_ => (float)chance.NextInt(2))],
        [.. Enumerable.Range(0, rows).SelectMany(_ => spec.Categories.Select(category => chance.NextInt(category.Cardinality)))]);

    static FeatureSpec Spec(int numeric, params int[] cardinalities) => new(
        [.. Enumerable.Range(0, numeric).Select(j => $"n{j}")], [.. cardinalities.Select((cardinality, k) => new CategoryFeature($"c{k}", cardinality))]);
}
