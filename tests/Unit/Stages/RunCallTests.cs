using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>Runs whose executor takes several works at once.</summary>
public sealed class RunCallTests
{
    [Fact]
    public async Task Works_that_do_not_wait_for_each_other_are_under_way_together()
    {
        using var toy = new ToyPipeline();
        var executor = new GatheringExecutor();
        executor.Gather("train/mamba", 3);

        var result = await toy.RunAsync(toy.Request with { Executor = executor });

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(3, toy.Train.Calls);
        Assert.Empty(toy.ToRun());
    }

    [Fact]
    public async Task Several_at_once_leave_the_generations_of_one_after_the_other()
    {
        using ToyPipeline one = new(), several = new();
        await one.RunAsync();
        await several.RunAsync(several.Request with { Executor = new GatheringExecutor() });

        Assert.Equal(Generations(one), Generations(several));
    }

    [Fact]
    public async Task A_work_begins_only_when_all_it_reads_is_made()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync(toy.Request with { Executor = new GatheringExecutor() });

        var lines = toy.Listener.Lines;
        var finished = lines.FindIndex(line => line == "finished toy/read");
        Assert.All(["starting toy/split (seed 1)", "starting toy/count"], start => Assert.True(lines.IndexOf(start) > finished, start));
        Assert.True(lines.IndexOf("starting toy/report") > Enumerable.Range(1, 3).Max(seed => lines.IndexOf($"finished toy/score/mamba (seed {seed})")));
    }

    [Fact]
    public async Task When_one_seed_fails_those_under_way_are_finished_and_kept_and_nothing_else_begins()
    {
        using var toy = new ToyPipeline();
        var executor = new GatheringExecutor { Failing = "toy/train/mamba (seed 2)" };
        executor.Gather("train/mamba", 3);

        var result = await toy.RunAsync(toy.Request with { Executor = executor });

        Assert.Equal(ExitCode.StageFailed, result.Exit);
        Assert.Contains("finished toy/train/mamba (seed 1)", toy.Listener.Lines);
        Assert.Contains("finished toy/train/mamba (seed 3)", toy.Listener.Lines);
        Assert.DoesNotContain("starting toy/report", toy.Listener.Lines);
        Assert.Equal([2], toy.Plan("toy/train").Selected.Where(node => node.Action == PlanAction.Run).Select(node => node.Node.Seed!.Value));
    }

    [Fact]
    public async Task A_later_seed_does_not_move_current_while_the_first_was_not_made()
    {
        using var toy = new ToyPipeline();

        await toy.RunAsync(toy.Request with { Executor = new GatheringExecutor { Failing = "toy/split (seed 1)" }, KeepsGoing = true });

        Assert.Contains("finished toy/split (seed 2)", toy.Listener.Lines);
        Assert.Null(toy.Root.Current("toy", toy.Split.Writes[0]));
    }

    static string[] Generations(ToyPipeline toy) =>
        [.. DatasetScan.Of(toy.Root, "toy").Generations.Select(folder => $"{folder.Artifact}/{folder.Name} {File.ReadAllText(Path.Combine(folder.Path, "manifest.json"))}")];

    /// <summary>Lets any number of works go at once; those of a named stage go on only when so many of them are under way.</summary>
    sealed class GatheringExecutor : IStageExecutor
    {
        readonly TaskCompletionSource gathered = new();
        string? stage;
        int missing;

        public string? Failing { get; init; }

        public int WorksAtOnce => int.MaxValue;

        public void Gather(string name, int count) => (stage, missing) = (name, count);

        public int SeedsAtOnce(IStage stage) => 1;

        public async Task RunAsync(string run, StageWork work, StageContext context, CancellationToken cancellation)
        {
            if (work.Stage.Name == stage && Interlocked.Decrement(ref missing) > 0)
                await gathered.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
            else if (work.Stage.Name == stage)
                gathered.SetResult();
            if (work.Title == Failing)
                throw new InvalidOperationException("Not this one.");
            lock (gathered)
                work.Stage.RunAsync(context, cancellation).GetAwaiter().GetResult();
        }
    }
}
