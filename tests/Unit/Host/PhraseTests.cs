using Pipeline.Host.Terminal;

namespace Pipeline.Unit.Host;

public class PhraseTests
{
    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(12.4, "12 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7620, "2 h 07 min")]
    [InlineData(100_000, "27 h 46 min")]
    public void Durations_are_as_coarse_as_they_are_long(double seconds, string expected) =>
        Assert.Equal(expected, Phrase.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("ü 💥\n\tb", "ü 💥\n\tb")]
    [InlineData("\u001b[31m\r\u009b", "\\u001b[31m\\u000d\\u009b")]
    public void Control_characters_are_shown_as_codes(string text, string expected) => Assert.Equal(expected, Phrase.Visible(text));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L << 40, "5.0 TiB")]
    public void Bytes_are_in_powers_of_two(long bytes, string expected) => Assert.Equal(expected, Phrase.Bytes(bytes));
}
