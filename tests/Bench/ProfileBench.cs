using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;

namespace Pipeline.Bench;

/// <summary>Where a step's time goes, kernel by kernel and shape by shape, each beside what the machine allows.</summary>
static class ProfileBench
{
    /// <summary>Of a step's time; kernels below it are shown as one.</summary>
    const double SmallestShare = 0.005;

    public static Results Run(Setup setup)
    {
        var rows = new List<Row>();
        foreach (var world in World.All)
        {
            foreach (var tower in AllTowers.List)
            {
                using var kernels = new ProfiledKernels(new CpuKernels(setup.Options.Threads), setup.Ceiling);
                var trainer = new Trainer(kernels, tower, new TrainingOptions(), [world.TrainingSet(1)]);
                var step = new Case(world.Name, trainer.Advance);
                step.WarmUp(setup.Options.Seconds / 4);
                kernels.Reset();
                var before = trainer.Step;
                setup.Neighbours.Watch(() => step.Measure(setup.Options.Seconds));
                rows.AddRange(Rows($"{world.Name}/{tower.Name}", kernels, trainer.Step - before));
            }
        }

        return Results.Of(
            setup, rows,
            "Mean milliseconds of a step by kernel. Floor: arithmetic at the peak, or bytes at the speed of the smallest memory that holds them, whichever is longer.");
    }

    static IEnumerable<Row> Rows(string name, ProfiledKernels kernels, int steps)
    {
        var times = kernels.Times.ToList();
        var all = times.Sum(time => time.Ms);
        var named = times.Where(time => time.Ms >= SmallestShare * all && time.FloorMs > 0).ToList();
        var others = times.Except(named).ToList();
        yield return new Row($"{name}: all kernels", all / steps, times.Sum(time => time.FloorMs) / steps, null);
        foreach (var time in named)
        {
            yield return new Row(
                $"{name}: {time.Kernel}", time.Ms / steps, time.FloorMs / steps, null, new("calls", time.Calls / (double)steps),
                new("gigaFlops", time.Cost.Flops * 1e-6 / time.Ms), new("gigaBytes", time.Cost.Bytes * 1e-6 / time.Ms));
        }

        yield return new Row($"{name}: {others.Count} others", others.Sum(time => time.Ms) / steps, others.Sum(time => time.FloorMs) / steps, null);
    }
}
