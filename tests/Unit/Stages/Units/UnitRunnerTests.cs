using Pipeline.Stages;
using Pipeline.Stages.Units;

namespace Pipeline.Unit.Stages.Units;

public sealed class UnitRunnerTests : IDisposable
{
    readonly ToyPipeline toy = new();

    public void Dispose() => toy.Dispose();

    [Fact]
    public async Task A_unit_done_elsewhere_and_merged_is_the_generation_that_the_stage_makes_itself()
    {
        using var alone = new ToyPipeline();
        await alone.RunAsync();

        var result = await toy.RunAsync(toy.Request with { Executor = new UnitExecutor(toy) });

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(Manifests(alone), Manifests(toy));
        Assert.DoesNotContain(Directory.GetDirectories(toy.Root.Path, "*", SearchOption.AllDirectories), folder => Path.GetFileName(folder) == "units");
    }

    [Fact]
    public async Task Only_the_take_that_counts_is_in_the_generation()
    {
        var executor = new UnitExecutor(toy)
        {
            BeforeMerge = (unit, partial) => File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(partial, "units", "7-1")).FullName, "out.txt"), "of a slow one"),
        };

        await toy.RunAsync(toy.Request with { Executor = executor });

        Assert.DoesNotContain("slow", File.ReadAllText(Path.Combine(toy.CurrentFolder("3-models/mamba"), "out.txt")));
        Assert.Equal(["manifest.json", "out.txt"], Directory.GetFileSystemEntries(toy.CurrentFolder("3-models/mamba")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_would_make_another_generation_refuses()
    {
        using var other = new ToyPipeline();
        other.Train.Version = 2;
        var executor = new UnitExecutor(toy) { Worker = other };

        var result = await toy.RunAsync(toy.Request with { Executor = executor });

        Assert.Equal(ExitCode.CheckFailed, result.Exit);
        Assert.Contains("the run expects the generation", result.Failures[0].Message);
    }

    [Fact]
    public async Task A_file_that_is_not_as_long_as_its_maker_said_is_refused()
    {
        var executor = new UnitExecutor(toy) { BeforeMerge = (_, partial) => File.AppendAllText(Path.Combine(Directory.GetDirectories(Path.Combine(partial, "units"))[0], "out.txt"), "more") };

        var result = await toy.RunAsync(toy.Request with { Executor = executor });

        Assert.Equal(ExitCode.InputMissing, result.Exit);
        Assert.Contains("Do all machines see the same folder?", result.Failures[0].Message);
    }

    [Fact]
    public async Task Nobody_writes_for_a_run_that_has_ended()
    {
        await toy.RunAsync();
        var unit = UnitOf("00000000deadbeef");
        using var runner = new UnitRunner(toy.Root, 1, toy.Clock);

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => runner.RunAsync(unit, new UnitTake(1, 1), toy.Graph, toy.Listener, default));

        Assert.DoesNotContain(DatasetScan.Of(toy.Root, "toy").Generations, folder => folder.State == GenerationState.Partial);
    }

    [Fact]
    public async Task A_unit_does_not_lead_a_worker_out_of_the_folder_of_a_writer()
    {
        await toy.RunAsync();
        var unit = UnitOf("../../..");
        using var runner = new UnitRunner(toy.Root, 1, toy.Clock);

        await Assert.ThrowsAsync<ArgumentException>(() => runner.RunAsync(unit, new UnitTake(1, 1), toy.Graph, toy.Listener, default));
        Assert.Throws<ArgumentException>(() => UnitRunner.Folders(toy.Root, unit, new UnitTake(1, 1), toy.Train));
    }

    [Fact]
    public async Task A_later_take_finds_the_checkpoint_of_an_earlier_one_and_so_does_a_later_run()
    {
        await toy.RunAsync("+toy/split");
        var seen = new List<string>();
        toy.Train.Then = (context, _) =>
        {
            var folder = context.Output(toy.Train.Writes[0], context.Seeds[0]);
            seen.Add(File.Exists(folder.File("checkpoint.txt")) ? File.ReadAllText(folder.File("checkpoint.txt")) : "nothing");
            File.WriteAllText(folder.File("checkpoint.txt"), $"after {seen.Count}");
            if (seen.Count < 4)
                throw new InvalidOperationException("Killed.");
        };
        toy.Seeds = [1];
        var executor = new UnitExecutor(toy) { Takes = 2 };

        // Two takes within the first run, two within the second, of which the last one ends well.
        await toy.RunAsync(toy.Request with { Selection = ["+toy/train"], Executor = executor });
        var result = await toy.RunAsync(toy.Request with { Selection = ["+toy/train"], Executor = executor });

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(["nothing", "after 1", "after 2", "after 3"], seen);
        Assert.Equal(["manifest.json", "out.txt"], Directory.GetFileSystemEntries(toy.CurrentFolder("3-models/mamba")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    static string[] Manifests(ToyPipeline toy) =>
        [.. DatasetScan.Of(toy.Root, "toy").Generations.Select(folder => $"{folder.Artifact}/{folder.Name} {File.ReadAllText(Path.Combine(folder.Path, "manifest.json"))}")];

    /// <summary>A unit of the training of the first seed, for a writer that nobody is.</summary>
    WorkUnit UnitOf(string writer)
    {
        var node = toy.Planned(toy.Train);
        return new WorkUnit { Dataset = "toy", Stage = node.Node.Stage.Name, Seeds = node.Node.Seeds, Fingerprint = node.Fingerprint, Writer = writer, Parents = node.Parents };
    }

    /// <summary>What a run and its workers do, without anything between them: `train` is done as units.</summary>
    sealed class UnitExecutor(ToyPipeline owner) : IStageExecutor
    {
        long takes;

        readonly ToyPipeline toy = owner;

        public ToyPipeline? Worker { get; init; }

        /// <summary>Of a unit that does not end well.</summary>
        public int Takes { get; init; } = 1;

        public Action<WorkUnit, string>? BeforeMerge { get; init; }

        public int WorksAtOnce => 1;

        public int SeedsAtOnce(IStage stage) => 1;

        public async Task RunAsync(string run, StageWork work, StageContext context, CancellationToken cancellation)
        {
            if (work.Stage != toy.Train)
            {
                await work.Stage.RunAsync(context, cancellation);
                return;
            }

            var unit = WorkUnit.FromJson(Assert.Single(WorkUnit.Of(work, context, 8)).ToJson());
            UnitMerge.Prepare(work, context);
            using var runner = new UnitRunner(toy.Root, 1, toy.Clock);
            var take = new UnitTake(7, Interlocked.Increment(ref takes) + 1);
            for (var last = Takes; ; last--)
            {
                try
                {
                    var result = await runner.RunAsync(unit, take, (Worker ?? toy).Graph, toy.Listener, cancellation);
                    BeforeMerge?.Invoke(unit, context.Output(work.Stage.Writes[0], unit.Seeds[0]).Path);
                    UnitMerge.Into(work, context, [(take, UnitResult.FromJson(result.ToJson()))]);
                    return;
                }
                catch (InvalidOperationException) when (last > 1)
                {
                    take = take with { Fence = Interlocked.Increment(ref takes) + 1 };
                }
            }
        }
    }
}
