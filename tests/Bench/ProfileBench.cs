using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;

namespace Pipeline.Bench;

/// <summary>Where a step's time goes, kernel by kernel and shape by shape, each beside what the machine allows.</summary>
static class ProfileBench
{
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
                step.Measure(setup.Options.Seconds);
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
        double ours = times.Sum(time => time.Ms) / steps, floor = times.Sum(time => time.FloorMs) / steps;
        yield return new Row($"{name}: all kernels", ours, floor, null);
        foreach (var time in times.Where(time => time.FloorMs > 0))
        {
            yield return new Row($"{name}: {time.Kernel}", time.Ms / steps, time.FloorMs / steps, null, new Extra("calls", time.Calls / (double)steps), new Extra("gigaFlops", time.Cost.Flops * 1e-6 / time.Ms), new Extra("gigaBytes", time.Cost.Bytes * 1e-6 / time.Ms));
        }
    }
}
