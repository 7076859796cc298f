using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class SelectionTests
{
    [Theory]
    [InlineData("toy", "read count split train/mamba export/mamba score/mamba report publish")]
    [InlineData("toy/train", "train/mamba")]
    [InlineData("toy/train/mamba", "train/mamba")]
    [InlineData("*/train/mamba", "train/mamba")]
    [InlineData("toy/*/mamba", "train/mamba export/mamba score/mamba")]
    [InlineData("toy/train+", "train/mamba export/mamba score/mamba report publish")]
    [InlineData("+toy/train", "read split train/mamba")]
    [InlineData("+toy/score+", "read split train/mamba score/mamba report publish")]
    [InlineData("toy/count toy/report", "count report")]
    [InlineData("toy/train/", "train/mamba")]
    public void Words_select(string words, string expected)
    {
        using var toy = new ToyPipeline();

        Assert.Equal(expected.Split(' ').Order(), Select(toy.Graph, words.Split(' ')));
    }

    [Fact]
    public void A_beginning_is_whole_segments()
    {
        using var toy = new ToyPipeline();

        var error = Assert.Throws<PipelineException>(() => Select(toy.Graph, "toy/tra"));

        Assert.Equal(ExitCode.Usage, error.Code);
        // Two letters are missing for toy/train; nothing else is as near.
        Assert.StartsWith("No stage is called 'toy/tra'. Nearest: toy/train,", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("toy/count/mamba")]
    [InlineData("+")]
    public void A_word_that_is_longer_than_any_path_or_nothing_is_refused(string word)
    {
        using var toy = new ToyPipeline();

        Assert.Equal(ExitCode.Usage, Assert.Throws<PipelineException>(() => Select(toy.Graph, word)).Code);
    }

    [Fact]
    public async Task State_stale_selects_what_is_not_fresh_and_what_depends_on_it()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Score.Version = 2;

        Assert.Equal(["score/mamba", "report", "publish"], toy.ToRun("state:stale"));
        Assert.Equal(["score/mamba", "report", "publish"], toy.Plan("state:stale").Selected.Select(node => node.Node.Stage.Name).Distinct());
    }

    [Fact]
    public async Task State_stale_selects_a_stage_of_which_one_seed_is_missing_and_one_whose_current_is_elsewhere()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Count.Version = 2;
        await toy.RunAsync();
        toy.Count.Version = 1;
        toy.Seeds = [1, 2, 3, 4];

        Assert.Equal(
            ["count", "publish", "report", "score/mamba", "split", "train/mamba"],
            toy.Plan("state:stale").Selected.Select(node => node.Node.Stage.Name).Distinct().Order());
    }

    [Fact]
    public void Another_state_is_refused()
    {
        using var toy = new ToyPipeline();

        var error = Assert.Throws<PipelineException>(() => toy.Plan("state:new"));

        Assert.Equal((ExitCode.Usage, "'state:new' is no selection: the only state is state:stale."), (error.Code, error.Message));
    }

    [Fact]
    public void Datasets_that_no_word_names_are_left_alone()
    {
        using var toy = new ToyPipeline();
        var absent = new StageGraph("other", [new ToyStage("read", [], ["x"]) { RawFolders = ["/absent"] }], [1]);

        var plan = new Planner(toy.Root, toy.Clock).Make([toy.Graph, absent], ["toy"]);

        Assert.Equal(["toy"], plan.Graphs.Select(graph => graph.Dataset));
    }

    static IEnumerable<string> Select(StageGraph graph, params string[] words) =>
        Selection.Parse(words, [graph]).Resolve((_, _) => false).Select(path => path["toy/".Length..]).Order();
}
