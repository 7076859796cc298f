using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>What `plan` says of a stage that runs.</summary>
public sealed class PlanReasonsTests : IDisposable
{
    readonly ToyPipeline toy = new();

    public void Dispose() => toy.Dispose();

    [Fact]
    public async Task Options_that_are_new_or_gone_are_named()
    {
        await toy.RunAsync();

        toy.Count.Given = new { Steps = 5000, Depth = 2 };

        Assert.Equal("options changed: depth (new) -> 2, label \"a\" -> (gone)", toy.Planned(toy.Count).Reason);
    }

    [Fact]
    public async Task Another_first_seed_is_named()
    {
        await toy.RunAsync();

        toy.Seeds = [2, 3];

        Assert.Equal("seed 1 -> 2; input 3-models/mamba changed", toy.Planned(toy.Export).Reason);
    }

    [Fact]
    public async Task Seeds_alone_are_a_reason()
    {
        var draw = new ToyStage("draw", [], ["1-tables/drawn"]) { Seeds = SeedScope.All };
        await toy.RunAsync(toy.Request with { Graphs = [new StageGraph("toy", [draw], [1])] });

        Assert.Equal("seeds changed", Reason(new StageGraph("toy", [draw], [1, 2])));
    }

    [Fact]
    public async Task Inputs_that_come_and_go_are_named()
    {
        await toy.RunAsync();

        Assert.Equal("input 1-tables/a is new", ReasonOfCount("1-tables/b", "1-tables/a"));
        Assert.Equal("input 1-tables/a is new; input 1-tables/b is read no more", ReasonOfCount("1-tables/a"));

        string ReasonOfCount(params string[] reads) => Reason(new StageGraph("toy", [toy.Read, new ToyStage("count", reads, ["2-features/count"])], [1]));
    }

    [Fact]
    public async Task An_artifact_of_several_seeds_that_is_read_no_more_is_named_once()
    {
        await toy.RunAsync();

        Assert.Equal(
            "input 1-tables/a is new; input 4-topk/mamba-test is read no more",
            Reason(new StageGraph("toy", [toy.Read, new ToyStage("report", ["1-tables/a"], ["5-report"]) { Seeds = SeedScope.All }], toy.Seeds)));
    }

    [Fact]
    public async Task An_input_that_is_there_is_told_from_one_that_will_be_rebuilt()
    {
        await toy.RunAsync();
        toy.Read.Version = 2;
        await toy.RunAsync();
        toy.Read.Version = 1;
        toy.Train.Version = 2;

        Assert.Equal("input 3-models/mamba will be rebuilt; input 1-tables/a changed", toy.Planned(toy.Score).Reason);
    }

    [Fact]
    public async Task A_later_seed_is_compared_with_the_newest_generation_of_that_seed()
    {
        toy.Seeds = [1, 2];
        foreach (var (hour, steps) in ((int, int)[])[(1, 3000), (3, 1000), (2, 2000)])
        {
            toy.Train.Toy = new ToyOptions { Steps = steps };
            await toy.RunAsync();
            Directory.SetLastWriteTimeUtc(toy.Root.Generation("toy", toy.Train.Writes[0], toy.Planned(toy.Train, 1).Fingerprint), new DateTime(2020, 1, 1, hour, 0, 0, DateTimeKind.Utc));
        }

        // Neither is one, though newer: a link, and what an earlier version left unfinished.
        var folder = toy.Root.Artifact("toy", toy.Train.Writes[0]);
        var newest = Directory.CreateDirectory(Path.Combine(folder, "fedcba9876543210.partial")).FullName;
        File.Copy(Path.Combine(toy.Root.Generation("toy", toy.Train.Writes[0], toy.Planned(toy.Train, 1).Fingerprint), ManifestFile.Name), Path.Combine(newest, ManifestFile.Name));
        Directory.CreateSymbolicLink(Path.Combine(folder, "fedcba9876543210"), newest);
        toy.Train.Toy = new ToyOptions { Steps = 4000 };

        Assert.Equal("options changed: steps 1000 -> 4000", toy.Planned(toy.Train, 1).Reason);
    }

    [Fact]
    public async Task The_generation_in_use_is_compared_with_though_another_is_newer()
    {
        foreach (var steps in (int[])[3000, 1000, 3000])
        {
            toy.Count.Toy = new ToyOptions { Steps = steps };
            await toy.RunAsync();
        }

        toy.Count.Toy = new ToyOptions { Steps = 4000 };

        Assert.Equal("options changed: steps 3000 -> 4000", toy.Planned(toy.Count).Reason);
    }

    [Fact]
    public async Task Of_many_raw_files_three_are_named()
    {
        await toy.RunAsync();

        foreach (var name in (string[])["folk", "jazz", "soul", "swing"])
            File.WriteAllText(Path.Combine(toy.RawPath, $"{name}.csv"), "");

        Assert.Equal("raw file folk.csv is new, raw file jazz.csv is new, raw file soul.csv is new and 1 more", toy.Planned(toy.Read).Reason);
    }

    [Fact]
    public async Task A_raw_folder_of_which_nothing_is_remembered_is_named_as_a_whole()
    {
        await toy.RunAsync();
        File.Delete(Path.Combine(toy.Root.Path, ".raw-hashes.json"));

        File.WriteAllText(Path.Combine(toy.RawPath, "soul.csv"), "");

        Assert.Equal($"raw folder {toy.RawPath} changed", toy.Planned(toy.Read).Reason);
    }

    [Fact]
    public async Task A_second_raw_folder_is_a_reason_and_the_first_is_as_it_was()
    {
        using var second = new TempFolder();
        second.Write("names.csv", "");
        await toy.RunAsync();

        Assert.Equal("raw folders changed", Reason(new StageGraph("toy", [new ToyStage("read", [], ["1-tables/a", "1-tables/b"]) { RawFolders = [toy.RawPath, second.Path] }], [1])));
    }

    [Fact]
    public async Task Of_two_raw_folders_only_the_one_that_changed_is_named()
    {
        using var second = new TempFolder();
        second.Write("names.csv", "");
        var graph = new StageGraph("toy", [new ToyStage("read", [], ["1-tables/a", "1-tables/b"]) { RawFolders = [toy.RawPath, second.Path] }], [1]);
        await toy.RunAsync(toy.Request with { Graphs = [graph] });

        second.Write("names.csv", "id");

        Assert.Equal("raw file names.csv changed", Reason(graph));
    }

    /// <summary>Of the last stage of a graph.</summary>
    string Reason(StageGraph graph) => new Planner(toy.Root, toy.Clock).Make([graph], []).Nodes[^1].Reason;
}
