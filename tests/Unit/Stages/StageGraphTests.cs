using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class StageGraphTests
{
    [Fact]
    public void Cycle_is_refused_and_the_message_shows_it() => Refused(
        "These stages wait for each other: a -> b -> a.",
        new ToyStage("a", ["y"], ["x"]), new ToyStage("b", ["x"], ["y"]));

    [Fact]
    public void A_stage_that_reads_what_it_writes_is_refused() => Refused("These stages wait for each other: a -> a.", new ToyStage("a", ["x"], ["x"]));

    [Fact]
    public void Only_the_cycle_is_shown_not_the_way_to_it() => Refused(
        "These stages wait for each other: b -> c -> b.",
        new ToyStage("a", ["y"], ["x"]), new ToyStage("b", ["z"], ["y"]), new ToyStage("c", ["y"], ["z"]));

    [Fact]
    public void Two_writers_of_one_artifact_are_refused() => Refused(
        "toy/1-tables/x is written twice, by a and by b. An artifact has one writer.",
        new ToyStage("a", [], ["1-tables/x"]), new ToyStage("b", [], ["1-tables/x"]));

    [Fact]
    public void Reading_what_nobody_writes_is_refused_with_the_nearest_name() => Refused(
        "toy/b reads 1-tables/song, which no stage writes. Nearest: 1-tables/songs.",
        new ToyStage("a", [], ["1-tables/songs", "1-tables/tracks"]), new ToyStage("b", ["1-tables/song"], ["y"]));

    [Fact]
    public void Publishing_what_nobody_writes_is_refused() => Refused(
        "toy/b publishes lists, which no stage writes. Nearest: list.",
        new ToyStage("a", [], ["list"]), new ToyStage("b", ["list"], []) { PublishedFolders = ["lists"] });

    [Fact]
    public void Two_publishers_of_one_artifact_are_refused() => Refused(
        "toy/list is published twice, by b and by c.",
        new ToyStage("a", [], ["list"]), new ToyStage("b", [], []) { PublishedFolders = ["list"] }, new ToyStage("c", [], []) { PublishedFolders = ["list"] });

    [Fact]
    public void A_stage_without_seed_cannot_read_one_seed_of_many() => Refused(
        "toy/b reads x, of which a makes one per seed, but has no seed itself. Its scope must be Each, First or All.",
        new ToyStage("a", [], ["x"]) { Seeds = SeedScope.Each }, new ToyStage("b", ["x"], ["y"]));

    [Fact]
    public void An_artifact_inside_another_is_refused() => Refused(
        "toy/x/y (b) would lie inside the artifact toy/x (a).",
        new ToyStage("a", [], ["x"]), new ToyStage("b", [], ["x/y"]));

    [Fact]
    public void A_stage_that_leaves_nothing_behind_is_refused() => Refused(
        "toy/a writes nothing and publishes nothing: nobody could tell whether it is done.",
        new ToyStage("a", [], []));

    [Fact]
    public void A_folder_outside_the_dataset_is_refused() => Refused(
        "toy/a writes '../x', which is no folder below the dataset's: use letters, digits, - and _, with / between parts.",
        new ToyStage("a", [], ["../x"]));

    [Fact]
    public void Stages_come_after_what_they_read_and_otherwise_as_declared()
    {
        var graph = new StageGraph("toy", [new ToyStage("d", ["x", "z"], ["w"]), new ToyStage("c", [], ["z"]), new ToyStage("b", [], ["y"]), new ToyStage("a", ["y"], ["x"])], [1]);

        Assert.Equal(["c", "b", "a", "d"], graph.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void A_publisher_comes_after_the_writer_of_what_it_publishes()
    {
        var graph = new StageGraph("toy", [new ToyStage("publish", [], []) { PublishedFolders = ["x"] }, new ToyStage("a", [], ["x"])], [1]);

        Assert.Equal(["a", "publish"], graph.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void Nodes_follow_from_the_scopes()
    {
        using var toy = new ToyPipeline();

        string[] Seeds(ToyStage stage) => [.. toy.Graph.NodesOf(stage).Select(node => $"{node.Title}: {string.Join(' ', node.Seeds)}")];

        Assert.Equal(["toy/read: "], Seeds(toy.Read));
        Assert.Equal(["toy/split (seed 1): 1", "toy/split (seed 2): 2", "toy/split (seed 3): 3"], Seeds(toy.Split));
        Assert.Equal(["toy/export/mamba: 1"], Seeds(toy.Export));
        Assert.Equal(["toy/report: 1 2 3"], Seeds(toy.Report));
    }

    [Fact]
    public void Each_reads_its_own_seed_First_the_first_and_All_every_one()
    {
        using var toy = new ToyPipeline();
        var graph = toy.Graph;

        int?[] Seeds(ToyStage stage, int index) => [.. graph.InputsOf(graph.NodesOf(stage)[index]).Select(input => input.Writer.Seed)];

        Assert.Equal([2, null], Seeds(toy.Score, 1));
        Assert.Equal([1], Seeds(toy.Export, 0));
        Assert.Equal([1, 2, 3], Seeds(toy.Report, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("\u00e4")]
    public void A_dataset_that_is_no_name_of_a_folder_is_refused(string name)
    {
        var error = Assert.Throws<PipelineException>(() => new StageGraph(name, [new ToyStage("a", [], ["x"])], [1]));

        Assert.Equal($"A dataset cannot be called '{name}': use letters, digits, - and _.", error.Message);
    }

    [Fact]
    public void Letters_digits_and_both_dashes_make_a_name() => Assert.Equal("Vaccine_25-x", new StageGraph("Vaccine_25-x", [new ToyStage("a_1/b-2", [], ["1-x/y_z"])], [1]).Dataset);

    [Theory]
    [InlineData(new int[0], "toy needs at least one seed, and no seed twice; found: .")]
    [InlineData(new[] { 1, 2, 1 }, "toy needs at least one seed, and no seed twice; found: 1, 2, 1.")]
    public void No_seed_and_a_seed_twice_are_refused(int[] seeds, string message) =>
        Assert.Equal(message, Assert.Throws<PipelineException>(() => new StageGraph("toy", [new ToyStage("a", [], ["x"])], seeds)).Message);

    [Theory]
    [InlineData("../a")]
    [InlineData("a//b")]
    public void A_stage_that_is_no_path_is_refused(string name) => Refused(
        $"A stage of toy cannot be called '{name}': use letters, digits, - and _, with / between parts.",
        new ToyStage(name, [], ["x"]));

    [Theory]
    [InlineData(0, SeedScope.Each)]
    [InlineData(2, SeedScope.All)]
    public void Only_a_stage_that_runs_per_seed_takes_several_at_once(int atOnce, SeedScope scope) => Refused(
        $"toy/a takes {atOnce} seeds at once; more than one needs SeedScope.Each.",
        new ToyStage("a", [], ["x"]) { SeedsAtOnce = atOnce, Seeds = scope });

    [Fact]
    public void Two_stages_of_one_name_are_refused() => Refused("toy has 2 stages called a.", new ToyStage("a", [], ["x"]), new ToyStage("a", [], ["y"]));

    [Fact]
    public void An_artifact_whose_name_only_begins_like_another_lies_beside_it() =>
        Assert.Equal(2, new StageGraph("toy", [new ToyStage("a", [], ["x"]), new ToyStage("b", [], ["x-test"])], [1]).Stages.Count);

    static void Refused(string message, params IStage[] stages)
    {
        var error = Assert.Throws<PipelineException>(() => new StageGraph("toy", stages, [1]));

        Assert.Equal(message, error.Message);
    }
}
