using System.Text;
using Pipeline.Ingest.Csv;

namespace Pipeline.Unit.Ingest.Csv;

public sealed class IsoDateTests
{
    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1969-12-31", -1)]
    [InlineData("2018-09-20", 17_794)]
    [InlineData("2020-02-29", 18_321)]
    [InlineData("9999-12-31", 2_932_896)]
    public void A_day_is_counted_from_1970(string text, int days)
    {
        Assert.True(IsoDate.TryParse(Encoding.UTF8.GetBytes(text), out var found));
        Assert.Equal(days, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2020-13-01")]
    [InlineData("2020-00-01")]
    [InlineData("2019-02-29")]
    [InlineData("2020-04-31")]
    [InlineData("2020-04-00")]
    [InlineData("0000-01-01")]
    [InlineData("2020-4-31")]
    [InlineData("2020/04-30")]
    [InlineData("2020-04/30")]
    [InlineData("2020-04-3x")]
    [InlineData("2020-04-3/")]
    [InlineData("2020-04-0:")]
    [InlineData("-020-04-30")]
    [InlineData("2020-04-30T00")]
    public void What_is_no_day_of_the_calendar_is_refused(string text) => Assert.False(IsoDate.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
