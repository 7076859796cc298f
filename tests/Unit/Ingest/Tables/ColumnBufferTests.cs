using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Tables;

public class ColumnBufferTests
{
    [Fact]
    public void Nulls_take_a_row_and_hold_the_default()
    {
        var buffer = new ColumnBuffer<int>(new Column("it", ColumnType.Int32, IsOptional: true));
        buffer.Add(5);
        buffer.AddNull();
        buffer.Add(7);

        Assert.Equal((3, 1), (buffer.Count, buffer.NullCount));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(buffer.IsNull));
        Assert.Equal([5, 0, 7], buffer.Values.ToArray());
    }

    [Fact]
    public void A_required_column_takes_no_null() =>
        Assert.Throws<InvalidOperationException>(() => new ColumnBuffer<int>(new Column("it", ColumnType.Int32)).AddNull());

    [Fact]
    public void A_cleared_buffer_remembers_no_nulls()
    {
        var buffer = new StringBuffer(new Column("it", ColumnType.String, IsOptional: true));
        buffer.AddNull();
        buffer.Add("a");
        buffer.Clear();
        buffer.Add("b");
        buffer.Add("c");

        Assert.Equal((2, 0, false, "b", "c"), (buffer.Count, buffer.NullCount, buffer.IsNull(0), buffer.Text(0), buffer.Text(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("n")]
    [InlineData("nvnv")]
    [InlineData("vvnn")]
    [InlineData("nnvv")]
    public void Values_spread_into_the_gaps_between_nulls(string pattern)
    {
        var ints = new ColumnBuffer<int>(new Column("it", ColumnType.Int32, IsOptional: true));
        var texts = new StringBuffer(new Column("it", ColumnType.String, IsOptional: true));
        ints.Add(9);
        texts.Add("before");
        var values = pattern.Count(row => row == 'v');
        for (var i = 0; i < values; i++)
        {
            ints.Add(i);
            texts.Add($"text {i}");
        }

        var isNull = pattern.Select(row => row == 'n').ToArray();
        ints.Spread(isNull);
        texts.Spread(isNull);

        var next = 0;
        Assert.Equal((9, "before"), (ints[0], texts.Text(0)));
        for (var row = 0; row < pattern.Length; row++)
        {
            var expected = isNull[row] ? (true, 0, "") : (false, next, $"text {next++}");
            Assert.Equal(expected, (ints.IsNull(row + 1) && texts.IsNull(row + 1), ints[row + 1], texts.Text(row + 1)));
        }
    }
}
