using System.Globalization;
using System.Text;
using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Csv;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData("0.0508305084745762")]
    [InlineData("9007199254740991")]
    [InlineData("9007199254740993")]
    [InlineData("0.9007199254740993")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("0.00000000000000000000001")]
    [InlineData("-1.5")]
    [InlineData("1e-3")]
    [InlineData("0")]
    [InlineData("000.100")]
    public void A_number_is_the_double_nearest_to_its_text(string text)
    {
        Assert.True(DecimalText.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void Random_numbers_of_all_lengths_are_too()
    {
        var random = new RandomStream(1, "numbers");
        for (var i = 0; i < 100_000; i++)
        {
            var digits = string.Concat(Enumerable.Range(0, 1 + random.NextInt(19)).Select(_ => (char)('0' + random.NextInt(10))));
            var text = digits.Insert(random.NextInt(digits.Length), ".").TrimStart('.').Insert(0, "0");
            Assert.True(DecimalText.TryParse(Encoding.UTF8.GetBytes(text), out var value), text);
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    [InlineData("1x")]
    [InlineData(".")]
    [InlineData(" 1")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    public void What_is_no_finite_number_is_refused(string text) => Assert.False(DecimalText.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
