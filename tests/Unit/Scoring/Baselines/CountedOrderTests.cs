using Pipeline.Scoring.Baselines;

namespace Pipeline.Unit.Scoring.Baselines;

public sealed class CountedOrderTests
{
    [Fact]
    public void Items_go_by_count_then_by_the_other_count_then_by_item() =>
        // Item 2 has the most; of the others 1 and 3 have more of the other count, and 1 is the earlier item. Places 1 to 4 of 4.
        Assert.Equal([0.25f, 0.75f, 1, 0.5f], CountedOrder.Scores([1, 1, 2, 1], [0, 5, 0, 5]));
}
