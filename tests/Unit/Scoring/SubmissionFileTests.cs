using Pipeline.Features;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

public sealed class SubmissionFileTests : IDisposable
{
    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void A_cell_that_a_reader_could_take_for_two_is_quoted() =>
        Assert.Equal("customer_id,prediction\n\"a,\"\"b\"\"\",\"i,1 i2\"\n\" c\",\"i,1 i2\"\nd e,\"i,1 i2\"\n", Write(["a,\"b\"", " c", "d e"], ["i,1", "i2"]));

    [Fact]
    public void An_item_whose_id_has_a_blank_cannot_be_told_apart()
    {
        var error = Assert.Throws<PipelineException>(() => Write(["a"], ["i1", "i 2"]));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains("the id of item 'i 2' has one itself", error.Message);
    }

    string Write(string[] userIds, string[] itemIds)
    {
        EncodedTable Table(string[] ids) => new(new FeatureSpec([], []), ids, null, [], []);
        var lists = TopLists.Of(1, itemIds.Length, itemIds.Length, (_, scores) => scores.Clear(), threads: 1);
        var output = harness.Output(ScoringArtifacts.Export("mamba"));
        SubmissionFile.Write(
            output, Table(userIds), Table(itemIds), new GivenLists(lists, [.. Enumerable.Range(0, userIds.Length)], new int[userIds.Length], itemIds.Length));
        return File.ReadAllText(output.File(SubmissionFile.Name));
    }
}
