using Pipeline.Host.Dashboard.Lineage;

namespace Pipeline.Unit.Host.Dashboard;

public class LayeredLayoutTests
{
    /// <summary>A source, two boxes in the middle, and an end that reads all three.</summary>
    static readonly LayeredLayout Diamond = new([30, 40, 50, 20], [new(0, 0, 1), new(0, 0, 2), new(0, 1, 3), new(1, 0, 3), new(2, 0, 3)]);

    [Fact]
    public void A_box_is_in_the_column_after_the_last_that_it_reads() => Assert.Equal([0, 1, 1, 2], Enumerable.Range(0, 4).Select(Diamond.ColumnAt));

    [Fact]
    public void Boxes_of_one_column_do_not_overlap() => Assert.True(Diamond.Top(1) + 40 <= Diamond.Top(2) || Diamond.Top(2) + 50 <= Diamond.Top(1));

    [Fact]
    public void A_line_that_skips_a_column_has_a_place_in_it() => Assert.Equal([0, 0, 0, 0, 1], Diamond.Ways.Select(way => way.Passed.Count).Order());

    [Fact]
    public void Lines_of_one_output_share_their_way()
    {
        // 0 -> 1 -> 2 -> 3, and output 1 of box 0 is read by 2 and 3.
        var layout = new LayeredLayout([10, 10, 10, 10], [new(0, 0, 1), new(1, 0, 2), new(2, 0, 3), new(0, 1, 2), new(0, 1, 3)]);

        var shared = layout.Ways.Where(way => way.Line.Port == 1).ToList();

        Assert.Same(shared[0].Passed[0], shared[1].Passed[0]);
    }
}
