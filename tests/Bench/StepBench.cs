using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;

namespace Pipeline.Bench;

/// <summary>Whole training steps of the paper's models: batch, forward, backward, Adam.</summary>
static class StepBench
{
    /// <summary>Milliseconds that a step takes at least, on a machine of this peak: pruned FLOPs at the peak, the scan at its best, and Adam's traffic.</summary>
    const double FloorPeak = 530;

    static readonly Dictionary<string, double> Floors = new(StringComparer.Ordinal)
    {
        ["spotify/transformer"] = 6.3,
        ["spotify/mamba"] = 5.6,
        ["hm/transformer"] = 2.9,
        ["hm/mamba"] = 2.1,
        ["vaccine/transformer"] = 3.6,
        ["vaccine/mamba"] = 2.8,
    };

    public static Results Run(Setup setup)
    {
        var all = setup.Options.Threads;
        var steps =
            from world in World.All
            from tower in AllTowers.List
            select new Step($"{world.Name}/{tower.Name}", Start(world, tower, all, 1), Start(world, tower, 1, 1), Start(world, tower, all, 2), Start(world, tower, 1, 2));
        var cases = steps.ToList();
        Rounds.Run([.. cases.SelectMany(step => step.Cases)], setup, RunPeer);
        return Results.Of(
            setup, cases.Select(step => step.Row(FloorPeak / setup.Ceiling.Peak, setup.Peer)),
            "A step: batch 32, float32, both towers, forward, backward, Adam. Floors: those of performance at 530 GFLOP/s, scaled to the peak above.",
            $"threadsGain: 1 thread over {all}. replicasGain: two replicas on 1 thread over the same on {all}.");
    }

    static Case Start(World world, ITowerOptions tower, int threads, int replicas)
    {
        var trainer = new Trainer(new CpuKernels(threads), tower, new TrainingOptions(), [.. Enumerable.Range(1, replicas).Select(world.TrainingSet)]);
        return new Case($"{world.Name}/{tower.Name}", trainer.Advance);
    }

    static void RunPeer(Peer peer, double seconds) => peer.Run(
        "train", seconds, ["--rounds", "1", "--scans", "af", "--conv", "shift"],
        row => ($"{row["dataset"]}/{row["embedder"]}", (double)row["ms_median"]!));

    sealed record Step(string Name, Case Full, Case OneThread, Case Replicas, Case ReplicasOneThread)
    {
        public IEnumerable<Case> Cases => [Full, OneThread, Replicas, ReplicasOneThread];

        public Row Row(double scale, Peer? peer) => new(
            Name, Full.Median, Floors[Name] * scale, peer?.Ms(Name), new("bestMs", Full.Best), new("oneThreadMs", OneThread.Median),
            new("threadsGain", OneThread.Median / Full.Median), new("twoReplicasMs", Replicas.Median),
            new("replicasGain", ReplicasOneThread.Median / Replicas.Median), new("allocatedBytes", Full.Allocations()));
    }
}
