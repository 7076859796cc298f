using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class PlannerTests
{
    /// <summary>What has to run after a change of the first stage, read off the picture in ToyPipeline by hand.</summary>
    public static TheoryData<string, string[]> Dependents => new()
    {
        { "read", ["read", "count", "split", "train/mamba", "score/mamba", "export/mamba", "report", "publish"] },
        { "count", ["count"] },
        { "split", ["split", "train/mamba", "score/mamba", "export/mamba", "report", "publish"] },
        { "train/mamba", ["train/mamba", "score/mamba", "export/mamba", "report", "publish"] },
        { "score/mamba", ["score/mamba", "report", "publish"] },
        { "export/mamba", ["export/mamba", "publish"] },
        { "report", ["report", "publish"] },
        { "publish", ["publish"] },
    };

    [Fact]
    public async Task After_a_run_nothing_is_left_to_do()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        var plan = toy.Plan();

        Assert.True(plan.IsDone);
        Assert.All(plan.Selected, node => Assert.Equal("up to date", node.Reason));
    }

    [Theory]
    [MemberData(nameof(Dependents))]
    public async Task A_stage_version_reruns_exactly_what_depends_on_it(string changed, string[] expected)
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        toy.Stages.Single(stage => stage.Name == changed).Version = 2;

        Assert.Equal(expected.Order(), toy.ToRun().Order());
    }

    [Theory]
    [MemberData(nameof(Dependents))]
    public async Task An_option_reruns_exactly_what_depends_on_it(string changed, string[] expected)
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        toy.Stages.Single(stage => stage.Name == changed).Toy = new() { Label = "b" };

        Assert.Equal(expected.Order(), toy.ToRun().Order());
        await toy.RunAsync();
        Assert.Equal(expected.Order(), toy.Listener.Ran.Select(title => title.Split(' ')[0]["toy/".Length..]).Distinct().Order());
    }

    [Theory]
    [InlineData("blues.csv")]
    [InlineData("lists/rock.csv")]
    public async Task Any_flipped_byte_of_a_raw_file_reruns_everything_after_it(string file)
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var path = Path.Combine(toy.RawPath, file);
        var bytes = File.ReadAllBytes(path);

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            File.WriteAllBytes(path, bytes);
            Assert.Equal(8, toy.ToRun().Length);
            Assert.Equal($"raw file {file} changed", toy.Planned(toy.Read).Reason);
            bytes[i] ^= 1;
        }

        File.WriteAllBytes(path, bytes);
        Assert.True(toy.Plan().IsDone);
    }

    [Fact]
    public async Task Going_back_to_earlier_options_moves_current_without_running()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var first = toy.CurrentFolder("3-models/mamba");
        toy.Train.Toy = new() { Steps = 2000 };
        await toy.RunAsync();
        Assert.NotEqual(first, toy.CurrentFolder("3-models/mamba"));
        var calls = toy.Train.Calls;

        toy.Train.Toy = new();
        var planned = toy.Planned(toy.Train);
        await toy.RunAsync();

        Assert.Equal(PlanAction.Point, planned.Action);
        Assert.Equal(calls, toy.Train.Calls);
        Assert.Equal(["toy/publish"], toy.Listener.Ran);
        Assert.Equal(first, toy.CurrentFolder("3-models/mamba"));
        Assert.True(toy.Plan().IsDone);
    }

    [Fact]
    public async Task Force_runs_also_what_was_made_earlier_and_is_not_current()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Count.Version = 2;
        await toy.RunAsync();
        toy.Count.Version = 1;

        var forced = Assert.Single(new Planner(toy.Root, toy.Clock).Make([toy.Graph], ["toy/count"], isForced: true).Selected);

        Assert.Equal((PlanAction.Run, "forced"), (forced.Action, forced.Reason));
    }

    [Fact]
    public async Task What_has_no_receipt_was_never_published_though_its_lists_are_current()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Publish.Version = 2;
        Assert.Equal((PlanAction.Run, "its inputs, options or version changed since it last passed"), (toy.Planned(toy.Publish).Action, toy.Planned(toy.Publish).Reason));

        File.Delete(Path.Combine(toy.Root.Dataset("toy"), ".passed", "publish"));

        Assert.Equal((PlanAction.Run, "never published"), (toy.Planned(toy.Publish).Action, toy.Planned(toy.Publish).Reason));
    }

    [Fact]
    public void Only_a_stage_that_can_goes_on_from_what_an_earlier_run_left()
    {
        using var toy = new ToyPipeline();
        foreach (var stage in (ToyStage[])[toy.Train, toy.Count])
        {
            var partial = Directory.CreateDirectory(toy.Root.Partial("toy", "00000000deadbeef", stage.Writes[0], toy.Planned(stage).Fingerprint));
            File.WriteAllText(Path.Combine(partial.FullName, "checkpoint"), "state");
        }

        Assert.Equal("never built; goes on from what an earlier run left", toy.Planned(toy.Train).Reason);
        Assert.Equal("never built", toy.Planned(toy.Count).Reason);
    }

    [Fact]
    public async Task A_generation_that_holds_the_manifest_of_another_is_made_again()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        File.Copy(Path.Combine(toy.CurrentFolder("1-tables/a"), ManifestFile.Name), Path.Combine(toy.CurrentFolder("2-features/count"), ManifestFile.Name), overwrite: true);

        Assert.Equal((PlanAction.Run, "manifest.json of 2-features/count is of another fingerprint"), (toy.Planned(toy.Count).Action, toy.Planned(toy.Count).Reason));
    }

    [Fact]
    public async Task A_new_seed_runs_only_itself_and_what_reads_all_seeds()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        toy.Seeds = [1, 2, 3, 4];

        Assert.Equal(
            ["toy/split (seed 4)", "toy/train/mamba (seed 4)", "toy/score/mamba (seed 4)", "toy/report", "toy/publish"],
            toy.Plan().Selected.Where(node => node.Action == PlanAction.Run).Select(node => node.Node.Title));
    }

    [Fact]
    public void What_was_never_built_says_so()
    {
        using var toy = new ToyPipeline();

        Assert.All(toy.Plan().Selected.Where(node => node.Node.Stage != toy.Publish), node => Assert.Equal("never built", node.Reason));
        Assert.False(Directory.Exists(toy.Root.Path));
    }

    [Fact]
    public async Task Reasons_name_what_changed()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        toy.Train.Toy = new() { Steps = 2000 };
        toy.Train.Version = 2;

        Assert.Equal("stage version 1 -> 2; options changed: steps 5000 -> 2000", toy.Planned(toy.Train).Reason);
        Assert.Equal("stage version 1 -> 2; options changed: steps 5000 -> 2000", toy.Planned(toy.Train, 2).Reason);
        Assert.Equal("input 3-models/mamba will be rebuilt", toy.Planned(toy.Score).Reason);
        Assert.Equal("toy/report will run", toy.Planned(toy.Publish).Reason);
    }

    [Fact]
    public async Task Raw_files_that_come_and_go_are_named()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        File.Move(Path.Combine(toy.RawPath, "blues.csv"), Path.Combine(toy.RawPath, "soul.csv"));

        Assert.Equal("raw file soul.csv is new, raw file blues.csv is gone", toy.Planned(toy.Read).Reason);
    }

    [Fact]
    public void An_absent_raw_folder_is_named_with_the_option_to_set()
    {
        using var toy = new ToyPipeline();
        Directory.Delete(toy.RawPath, recursive: true);

        var error = Assert.Throws<PipelineException>(() => toy.Plan());

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Equal($"The raw folder of toy is absent: {toy.RawPath}. Put the raw files there, or name their folder: --set datasets.toy.raw=DIR", error.Message);
    }

    [Fact]
    public async Task A_stage_whose_inputs_are_not_selected_and_not_there_is_refused()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Split.Version = 2;

        var error = Assert.Throws<PipelineException>(() => toy.Plan("toy/train"));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Equal("toy/train/mamba needs toy/split (seed 1) first, which is not selected (stage version 1 -> 2). Make what comes before too: pipeline run +toy/train/mamba", error.Message);
        Assert.Equal(["split", "train/mamba"], toy.ToRun("+toy/train"));
    }

    [Fact]
    public async Task What_is_published_has_to_be_made_first_though_no_check_reads_it()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Export.Version = 2;

        var error = Assert.Throws<PipelineException>(() => toy.Plan("toy/publish"));

        Assert.StartsWith("toy/publish needs toy/export/mamba first, which is not selected", error.Message);
    }

    [Fact]
    public async Task One_missing_output_of_several_makes_a_stage_run()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        Directory.Delete(toy.CurrentFolder("1-tables/b"), recursive: true);

        Assert.Equal(["read"], toy.ToRun());
        Assert.Equal("1-tables/b is missing", toy.Planned(toy.Read).Reason);
    }

    [Fact]
    public async Task A_damaged_manifest_makes_its_stage_run_again_and_replaces_it()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var manifest = Path.Combine(toy.CurrentFolder("2-features/count"), ManifestFile.Name);
        var good = File.ReadAllText(manifest);
        File.WriteAllText(manifest, good.Replace("toy/count", "toy/c0unt", StringComparison.Ordinal));

        Assert.Equal("manifest.json of 2-features/count is damaged (its digest does not fit)", toy.Planned(toy.Count).Reason);
        await toy.RunAsync();

        Assert.Equal(["toy/count"], toy.Listener.Ran);
        Assert.Equal(good, File.ReadAllText(manifest));
    }
}
