using System.Text.Json.Nodes;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class StageRunnerTests
{
    [Fact]
    public async Task A_first_run_builds_everything_in_order_and_a_second_nothing()
    {
        using var toy = new ToyPipeline();

        var first = await toy.RunAsync();
        Assert.Equal(ExitCode.Ok, first.Exit);
        Assert.Equal(
            [
                // Of those that can run, the one declared first; ToyPipeline declares them from the last to the first.
                "toy/read", "toy/split (seed 1)", "toy/split (seed 2)", "toy/split (seed 3)", "toy/train/mamba (seeds 1, 2)", "toy/train/mamba (seed 3)",
                "toy/export/mamba", "toy/score/mamba (seed 1)", "toy/score/mamba (seed 2)", "toy/score/mamba (seed 3)", "toy/report", "toy/publish", "toy/count",
            ],
            toy.Listener.Ran);

        var second = await toy.RunAsync();
        Assert.Equal(ExitCode.Ok, second.Exit);
        Assert.Empty(toy.Listener.Ran);
    }

    [Fact]
    public async Task The_manifest_tells_where_a_generation_comes_from()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        var train = ManifestFile.Read(toy.CurrentFolder("2-features/train"));
        var model = ManifestFile.Read(toy.CurrentFolder("3-models/mamba"));

        Assert.Equal(("3-models/mamba", "toy/train/mamba", 1, 1), (model.Artifact, model.Stage, model.StageVersion, model.Seed));
        Assert.Equal([new ManifestParent("2-features/train", 1, train.Fingerprint)], model.Parents);
        Assert.Equal(Path.GetFileName(toy.CurrentFolder("3-models/mamba")), model.Fingerprint[..16]);
        Assert.Equal("""{"steps":5000,"label":"a"}""", model.Options.ToJsonString());
        Assert.Equal("out.txt", Assert.Single(model.Parts).Path);
        Assert.False(model.Synthetic);
    }

    [Fact]
    public async Task What_derives_from_generated_data_is_synthetic_too()
    {
        using var toy = new ToyPipeline();
        var read = new ToyStage("read", [], ["1-tables/a", "1-tables/b"]) { IsSynthetic = true };
        IStage[] stages = [.. toy.Stages.Where(stage => stage != toy.Read), read];

        await toy.RunAsync(toy.Request with { Graphs = [new StageGraph("toy", stages, [1])] });

        Assert.True(ManifestFile.Read(toy.CurrentFolder("5-report")).Synthetic);
    }

    [Fact]
    public async Task Same_inputs_give_the_same_generations_whatever_the_threads()
    {
        using var one = new ToyPipeline();
        using var other = new ToyPipeline();
        await one.RunAsync(one.Request with { Threads = 1 });
        other.Clock.Now += TimeSpan.FromDays(1);
        await other.RunAsync(other.Request with { Threads = 2 });

        // 2 tables, 1 count, 3 each of train, model and test list, 1 list, 1 report
        Assert.Equal(14, Snapshot(one).Count);
        Assert.Equal(Snapshot(one), Snapshot(other));
    }

    [Fact]
    public async Task Current_of_a_published_artifact_moves_only_with_its_publisher()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var published = toy.CurrentFolder("4-topk/mamba");
        toy.Export.Version = 2;
        toy.Publish.Then = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The lists are too short.");

        var failed = await toy.RunAsync();
        Assert.Equal(ExitCode.CheckFailed, failed.Exit);
        Assert.Equal(published, toy.CurrentFolder("4-topk/mamba"));

        toy.Publish.Then = null;
        await toy.RunAsync();
        Assert.Equal(["toy/publish"], toy.Listener.Ran);
        Assert.NotEqual(published, toy.CurrentFolder("4-topk/mamba"));
    }

    [Fact]
    public async Task A_publisher_may_write_something_of_its_own()
    {
        using var toy = new ToyPipeline();
        IStage[] stages = [new ToyStage("make", [], ["list"]), new ToyStage("publish", ["list"], ["receipt"]) { PublishedFolders = ["list"] }];
        var request = toy.Request with { Graphs = [new StageGraph("toy", stages, [1])] };

        await toy.RunAsync(request);
        Assert.NotNull(toy.CurrentFolder("list"));

        await toy.RunAsync(request);
        Assert.Equal(["skipped toy/make: up to date", "skipped toy/publish: up to date"], toy.Listener.Lines.Where(line => line.StartsWith("skipped", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_publisher_alone_is_refused_while_its_lists_are_not_made()
    {
        using var toy = new ToyPipeline();

        Assert.Equal(ExitCode.InputMissing, (await Assert.ThrowsAsync<PipelineException>(() => toy.RunAsync("toy/publish"))).Code);
    }

    [Fact]
    public async Task A_check_that_failed_is_asked_again_although_the_lists_did_not_change()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Report.Version = 2;
        toy.Publish.Then = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The report looks wrong.");
        await toy.RunAsync();

        Assert.Equal(ExitCode.CheckFailed, (await toy.RunAsync()).Exit);
    }

    [Fact]
    public async Task A_failed_stage_leaves_nothing_that_can_be_seen()
    {
        using var toy = new ToyPipeline();
        toy.Read.Then = (_, _) => throw new InvalidOperationException("Boom");

        await toy.RunAsync();

        Assert.Empty(DatasetScan.Of(toy.Root, "toy").Generations);
        Assert.Empty(DatasetScan.Of(toy.Root, "toy").Links);
    }

    [Fact]
    public async Task After_a_failure_the_rest_waits_unless_told_to_keep_going()
    {
        using var toy = new ToyPipeline();
        toy.Seeds = [1];
        toy.Split.Then = (_, _) => throw new InvalidOperationException("Boom");

        await toy.RunAsync();
        Assert.Equal(["toy/read"], toy.Listener.Ran);

        var result = await toy.RunAsync(toy.Request with { KeepsGoing = true });
        Assert.Equal(ExitCode.StageFailed, result.Exit);
        Assert.Equal(["toy/count"], toy.Listener.Ran);
        Assert.Contains("skipped toy/train/mamba: waits for toy/split, which was not made", toy.Listener.Lines);
        Assert.Contains("skipped toy/publish: waits for toy/report, which was not made", toy.Listener.Lines);
    }

    [Fact]
    public async Task A_failed_seed_does_not_hold_up_the_others()
    {
        using var toy = new ToyPipeline();
        toy.Score.Then = (context, _) =>
        {
            if (context.Seeds[0] == 2)
                throw new InvalidOperationException("Boom");
        };

        await toy.RunAsync(toy.Request with { KeepsGoing = true });

        Assert.Contains("toy/score/mamba (seed 3)", toy.Listener.Ran);
        Assert.Contains("toy/export/mamba", toy.Listener.Ran);
        Assert.DoesNotContain("toy/report", toy.Listener.Ran);
    }

    [Fact]
    public async Task A_resumable_stage_finds_what_it_left_and_its_checkpoint_is_no_part()
    {
        using var toy = new ToyPipeline();
        toy.Seeds = [1];
        toy.Train.Then = (context, _) =>
        {
            File.WriteAllText(context.Output(toy.Train.Writes[0]).File("checkpoint-200"), "state");
            throw new InvalidOperationException("Boom");
        };
        await toy.RunAsync();
        Assert.Equal("never built; goes on from what an earlier run left", toy.Planned(toy.Train).Reason);

        var found = "";
        toy.Train.Then = (context, _) => found = File.ReadAllText(context.Output(toy.Train.Writes[0]).File("checkpoint-200"));
        await toy.RunAsync();

        Assert.Equal("state", found);
        Assert.Equal(["manifest.json", "out.txt"], Directory.GetFiles(toy.CurrentFolder("3-models/mamba")).Select(Path.GetFileName).Order());
        Assert.DoesNotContain(DatasetScan.Of(toy.Root, "toy").Generations, folder => folder.State != GenerationState.Finished);
    }

    [Fact]
    public async Task A_stage_that_cannot_resume_starts_with_an_empty_folder()
    {
        using var toy = new ToyPipeline();
        var planned = toy.Planned(toy.Read);
        var partial = toy.Root.Partial("toy", "00000000deadbeef", toy.Read.Writes[0], planned.Fingerprint);
        Directory.CreateDirectory(partial);
        File.WriteAllText(Path.Combine(partial, "stump"), "left by a kill");

        await toy.RunAsync("toy/read");

        Assert.False(File.Exists(Path.Combine(toy.CurrentFolder("1-tables/a"), "stump")));
    }

    [Fact]
    public async Task A_folder_that_was_killed_between_manifest_and_rename_is_made_again()
    {
        using var toy = new ToyPipeline();
        toy.Seeds = [1];
        await toy.RunAsync();
        var model = toy.CurrentFolder("3-models/mamba");
        File.WriteAllText(Path.Combine(model, "stump"), "of an older try");
        Directory.Move(model, model + ".partial");

        await toy.RunAsync();

        Assert.Equal(["toy/train/mamba"], toy.Listener.Ran);
        Assert.False(File.Exists(Path.Combine(model, "stump")));
    }

    [Fact]
    public async Task A_cancelled_run_keeps_what_can_be_resumed_and_says_so()
    {
        using var toy = new ToyPipeline();
        using var source = new CancellationTokenSource();
        toy.Seeds = [1];
        toy.Train.Then = (context, cancellation) =>
        {
            File.WriteAllText(context.Output(toy.Train.Writes[0]).File("checkpoint"), "state");
            context.Progress(7, 10, "steps");
            source.Cancel();
            cancellation.ThrowIfCancellationRequested();
        };

        var result = await toy.RunAsync(toy.Request with { CancelledBy = () => ExitCode.Terminated }, source.Token);

        Assert.Equal(ExitCode.Terminated, result.Exit);
        Assert.Equal("toy/train/mamba was stopped at step 7 of 10. To go on: pipeline resume", Assert.Single(result.Failures).Message);
        Assert.Equal(RunState.Cancelled, Assert.Single(new Ledger(toy.Root, toy.Clock).Runs()).State);
        Assert.Single(DatasetScan.Of(toy.Root, "toy").Generations, folder => folder.State == GenerationState.Partial);
    }

    [Fact]
    public async Task Force_runs_what_is_fresh_and_replaces_damaged_parts()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var part = Path.Combine(toy.CurrentFolder("2-features/count"), "out.txt");
        var good = File.ReadAllText(part);
        File.WriteAllText(part, "damaged");

        await toy.RunAsync(toy.Request with { Selection = ["toy/count"], IsForced = true });

        Assert.Equal(["toy/count"], toy.Listener.Ran);
        Assert.Equal(good, File.ReadAllText(part));
        Assert.Single(Directory.GetDirectories(Path.GetDirectoryName(Path.GetDirectoryName(part))!), folder => !folder.EndsWith("current", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_finds_the_dataset_busy_at_once_and_leaves_no_trace_in_the_ledger()
    {
        using var toy = new ToyPipeline();
        using var held = DatasetLock.Take(toy.Root, "toy", new LockHolder(4711, "mill", "earlier", "pipeline run", toy.Clock.Now));

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.RunAsync());

        Assert.Equal(ExitCode.Busy, error.Code);
        Assert.Contains("4711", error.Message, StringComparison.Ordinal);
        Assert.Empty(new Ledger(toy.Root, toy.Clock).Runs());
    }

    [Fact]
    public async Task One_run_takes_several_datasets_and_locks_only_those_it_touches()
    {
        using var toy = new ToyPipeline();
        var (second, third) = (new StageGraph("second", [new ToyStage("read", [], ["x"])], [1]), new StageGraph("third", [new ToyStage("load", [], ["x"])], [1]));
        using var held = DatasetLock.Take(toy.Root, "third", new LockHolder(4711, "mill", "earlier", "pipeline run", toy.Clock.Now));

        await toy.RunAsync(toy.Request with { Graphs = [toy.Graph, second, third], Selection = ["*/read"] });

        Assert.Equal(["toy/read", "second/read"], toy.Listener.Ran);
        Assert.Equal(["second", "toy"], Assert.Single(new Ledger(toy.Root, toy.Clock).Runs()).Datasets);
    }

    [Fact]
    public async Task The_lock_is_held_while_a_stage_runs_and_free_afterwards()
    {
        using var toy = new ToyPipeline();
        LockHolder? during = null;
        toy.Read.Then = (_, _) => during = DatasetLock.Holder(toy.Root, "toy");

        var result = await toy.RunAsync();

        Assert.Equal((Environment.ProcessId, result.Run, "pipeline run"), (during!.Pid, during.Run, during.Command));
        Assert.Null(DatasetLock.Holder(toy.Root, "toy"));
    }

    [Fact]
    public async Task The_ledger_tells_the_run_stage_by_stage()
    {
        using var toy = new ToyPipeline();
        toy.Seeds = [1];
        toy.Count.Then = (_, _) => toy.Clock.Now += TimeSpan.FromSeconds(90);
        await toy.RunAsync(toy.Request with { Selection = ["toy/read", "toy/count"], Settings = ["a=1"] });
        await toy.RunAsync("toy/count");

        var runs = new Ledger(toy.Root, toy.Clock).Runs();
        Assert.Equal([RunState.Succeeded, RunState.Succeeded], runs.Select(run => run.State));
        Assert.Equal(["a=1"], runs[0].Settings);
        Assert.Equal(["toy/read", "toy/count"], runs[0].Selection);
        Assert.Equal([("toy/read", 0, false), ("toy/count", 90, false)], runs[0].Stages.Select(stage => (stage.Stage, (int)stage.DurationSeconds!.Value, stage.IsSkipped)));
        Assert.Equal([("toy/count", true, "up to date")], runs[1].Stages.Select(stage => (stage.Stage, stage.IsSkipped, stage.Reason!)));
    }

    [Fact]
    public async Task Facts_rows_and_schema_reach_the_manifest()
    {
        using var toy = new ToyPipeline();
        toy.Count.Then = (context, _) =>
        {
            var output = context.Output(toy.Count.Writes[0]);
            output.AddTable("out.txt", [new SchemaColumn("id", "int32", IsOptional: false)], 12);
            output.Facts["meanLength"] = 1.5;
        };

        await toy.RunAsync();

        var manifest = ManifestFile.Read(toy.CurrentFolder("2-features/count"));
        Assert.Equal(12, manifest.Rows);
        Assert.Equal([new SchemaColumn("id", "int32", IsOptional: false)], manifest.Schema!);
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["meanLength"] = 1.5 }, manifest.Facts));
    }

    [Fact]
    public async Task A_stage_that_writes_nothing_fails()
    {
        using var toy = new ToyPipeline();
        toy.Count.Then = (context, _) => File.Delete(context.Output(toy.Count.Writes[0]).File("out.txt"));

        var result = await toy.RunAsync();

        Assert.Equal(ExitCode.Bug, result.Exit);
        Assert.Contains("toy/count wrote no file into 2-features/count", result.Failures[0].Message, StringComparison.Ordinal);
    }

    static Dictionary<string, string> Snapshot(ToyPipeline toy) => DatasetScan.Of(toy.Root, "toy").Generations.ToDictionary(
        folder => $"{folder.Artifact}/{folder.Name} {folder.IsCurrent}",
        folder => string.Join('\n', Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Select(file => File.ReadAllText(file))));
}
