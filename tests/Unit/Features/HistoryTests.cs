using Pipeline.Features;

namespace Pipeline.Unit.Features;

public sealed class HistoryTests : IDisposable
{
    static readonly Interactions Some = new([1, 0, 1, 1, 1], [2, 0, 1, 2, 0], [20, 5, 10, 10, 30]);

    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void A_users_items_are_oldest_first_and_those_of_a_day_by_item()
    {
        var history = History.Of(Some, 3);

        Assert.Equal([1, 2, 2, 0], history.Items(1).ToArray());
        Assert.Equal([10, 10, 20, 30], history.Days(1).ToArray());
        Assert.Equal([0], history.Items(0).ToArray());
        Assert.Empty(history.Items(2).ToArray());
    }

    [Fact]
    public void What_a_user_took_is_known_once_however_often_it_was_taken()
    {
        var history = History.Of(Some, 3);

        Assert.Equal([0, 1, 2], history.Known(1).ToArray());
        Assert.True(history.Knows(1, 2));
        Assert.False(history.Knows(0, 2));
        Assert.False(history.Knows(2, 0));
        var (users, items) = history.DistinctPairs();
        Assert.Equal([0, 1, 1, 1], users);
        Assert.Equal([0, 0, 1, 2], items);
    }

    [Fact]
    public void Interactions_outside_the_catalogue_are_passed_over()
    {
        var output = harness.Output(FeatureArtifacts.Interactions);
        Some.Write(output);

        var read = Interactions.Read(harness.Add(output), itemCount: 2);

        Assert.Equal([0, 1, 1], read.Users);
        Assert.Equal([0, 1, 0], read.Items);
        Assert.Equal([5, 10, 30], read.Days);
    }
}
