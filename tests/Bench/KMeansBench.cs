using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Pipeline.Features.Clusters;
using Pipeline.Stages;

namespace Pipeline.Bench;

/// <summary>k-means at three sizes, and how good what it finds is, beside scikit-learn and FAISS.</summary>
static class KMeansBench
{
    const string Script = "tests/Bench/kmeans_peer.py";
    const int Width = 32, Clusters = 100, Iterations = 10;
    static readonly int[] Sizes = [250_000, 500_000, 1_000_000];

    public static Results Run(Setup setup)
    {
        var folder = Directory.CreateTempSubdirectory("bench-kmeans").FullName;
        try
        {
            var points = Mixture(Sizes[^1]);
            var start = points[..(Clusters * Width)];
            Write(folder, "points.f32", points);
            Write(folder, "start.f32", start);
            var options = new KMeansOptions { Iterations = Iterations, Tolerance = 0, Restarts = 1 };
            var inertia = 0.0;
            var cases = Sizes.Select(size => new Case($"{size} points", () =>
                inertia = KMeans.Refine(points.AsMemory(0, size * Width), Width, start, options, setup.Options.Threads, default).Inertia)).ToList();
            var peers = new Dictionary<string, List<JsonNode>>();
            Rounds.Run(cases, setup, (_, _) => Race(folder, setup.Options.Threads, peers));
            return Results.Of(
                setup,
                [
                    .. cases.Select((item, index) => Speed(item, Sizes[index], index == cases.Count - 1 ? peers : [], inertia, setup.Ceiling)),
                    .. setup.Peer is null ? [] : Quality(folder, setup.Options.Threads),
                ],
                $"{Width} columns, {Clusters} clusters, {Iterations} iterations from the same start. Peer: FAISS with all points; scikit-learn beside it.",
                "Inertia of blobs and digits: ours, best of 10 starts, over that of scikit-learn, best of 10.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Row Speed(Case item, int size, Dictionary<string, List<JsonNode>> peers, double inertia, Ceiling ceiling)
    {
        double flops = 2.0 * size * Width * Clusters * Iterations, bytes = 2.0 * sizeof(float) * size * Width * Iterations;
        return new Row(
            item.Name, item.Median, new Cost(flops, bytes).Milliseconds(ceiling), Middle(peers, "FAISS", "ms"), new("bestMs", item.Best),
            new("nsPerPoint", item.Median * 1e6 / size / Iterations), new("scikitLearnMs", Middle(peers, "scikit-learn", "ms") ?? double.NaN),
            new("inertiaOfScikitLearn", inertia / Middle(peers, "scikit-learn", "inertia") ?? double.NaN));
    }

    static IEnumerable<Row> Quality(string folder, int threads)
    {
        foreach (var data in Peer.Lines("/usr/bin/python3", [Path.Combine(Output.Root(), Script), folder]))
        {
            var name = (string)data["name"]!;
            var x = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, $"{name}.f32"))).ToArray();
            Clustering? found = null;
            var fit = new Case(name, () => found = KMeans.Fit(
                x, (int)data["width"]!, (int)data["clusters"]!, new KMeansOptions { Restarts = 10 }, restart => new RandomStream(1, "bench", restart), threads, default));
            fit.Measure(0);
            yield return new Row(name, fit.Median, null, null, new Extra("inertiaOfScikitLearn", found!.Inertia / (double)data["inertia"]!));
        }
    }

    static void Race(string folder, int threads, Dictionary<string, List<JsonNode>> peers)
    {
        foreach (var row in Peer.Lines("/usr/bin/python3", [Path.Combine(Output.Root(), Script), folder, $"{Width}", $"{Clusters}", $"{Iterations}", $"{threads}"]))
        {
            var name = (string)row["name"]!;
            peers.TryAdd(name, []);
            peers[name].Add(row);
        }
    }

    static double? Middle(Dictionary<string, List<JsonNode>> peers, string name, string value) =>
        peers.TryGetValue(name, out var rows) ? Case.Middle([.. rows.Select(row => (double)row[value]!)]) : null;

    /// <summary>Points around centres that overlap.</summary>
    static float[] Mixture(int count)
    {
        var random = new RandomStream(1, "mixture");
        var centres = Tensors.Numbers(Clusters * Width);
        var points = new float[count * Width];
        for (var point = 0; point < count; point++)
        {
            var centre = random.NextInt(Clusters) * Width;
            for (var column = 0; column < Width; column++)
            {
                points[(point * Width) + column] = centres[centre + column] + random.NextFloat() + random.NextFloat() - 1;
            }
        }

        return points;
    }

    static void Write(string folder, string name, float[] values) => File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes<float>(values).ToArray());
}
