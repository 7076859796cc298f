using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Unit.Features;

public sealed class ItemFrequencyTests : IDisposable
{
    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Frequencies_read_back_as_they_were_counted()
    {
        var output = harness.Output(FeatureArtifacts.Negatives);
        ItemFrequencies.Of([2, 0, 2, 2], itemCount: 4).Write(output);

        Assert.Equal([1, 0, 3, 0], ItemFrequencies.Read(harness.Add(output)).Counts);
    }

    [Fact]
    public void Another_table_is_a_damaged_input()
    {
        var output = harness.Output(FeatureArtifacts.Negatives);
        new Pairs([0], [0], [0]).Write(output);

        Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => ItemFrequencies.Read(harness.Add(output))).Code);
    }
}
