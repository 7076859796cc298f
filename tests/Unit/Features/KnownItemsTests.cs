using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Unit.Features;

public sealed class KnownItemsTests : IDisposable
{
    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Each_users_items_are_known_once_ascending_and_repeats_are_counted()
    {
        // User 2 has none; item 3 lies outside the catalogue of three.
        var known = Read(new Interactions([3, 0, 3, 3, 0, 3, 1], [2, 1, 0, 2, 1, 3, 0], [1, 1, 2, 2, 3, 3, 3]), users: 4, items: 3);

        Assert.Equal([[1], [0], [], [0, 2]], Enumerable.Range(0, 4).Select(user => known.Of(user).ToArray()));
        Assert.Equal([2L, 2, 2], known.TimesTaken);
        Assert.Equal(2, known.Most);
    }

    [Fact]
    public void Repeats_are_counted_without_users_too()
    {
        var output = harness.Output(FeatureArtifacts.Interactions);
        new Interactions([3, 0, 3, 3, 0, 3, 1], [2, 1, 0, 2, 1, 3, 0], [1, 1, 2, 2, 3, 3, 3]).Write(output);

        Assert.Equal([2L, 2, 2], KnownItems.CountTaken(harness.Add(output), 3));
    }

    [Fact]
    public void It_knows_what_the_history_knows()
    {
        var random = new RandomStream(1, "interactions");
        int[] Draw(int bound) => [.. Enumerable.Range(0, 5000).Select(_ => random.NextInt(bound))];
        var interactions = new Interactions(Draw(300), Draw(40), Draw(700));

        var (known, history) = (Read(interactions, 300, 40), History.Of(interactions, 300));

        for (var user = 0; user < 300; user++)
        {
            Assert.Equal(history.Known(user).ToArray(), known.Of(user).ToArray());
        }
    }

    [Fact]
    public void A_user_who_is_not_encoded_is_refused()
    {
        var error = Assert.Throws<PipelineException>(() => Read(new Interactions([0, 4], [0, 0], [1, 1]), users: 4, items: 1));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("names user 4 of 4", error.Message);
    }

    KnownItems Read(Interactions interactions, int users, int items)
    {
        var output = harness.Output(FeatureArtifacts.Interactions);
        interactions.Write(output);
        return KnownItems.Read(harness.Add(output), users, items);
    }
}
