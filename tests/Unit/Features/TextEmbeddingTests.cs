using Pipeline.Features;

namespace Pipeline.Unit.Features;

public sealed class TextEmbeddingTests
{
    [Fact]
    public void Every_text_has_length_one_and_the_same_text_the_same_place()
    {
        var embedded = TextEmbedding.Of(["A shot protects you.", "Your family needs you.", "A shot protects you."]);

        Assert.Equal((3, 768), (embedded.Rows, embedded.Columns));
        Assert.Equal(1, Dot(embedded.Values, 0, 0), 1e-5);
        Assert.Equal(1, Dot(embedded.Values, 1, 1), 1e-5);
        Assert.Equal(embedded.Values[..768], embedded.Values[(2 * 768)..]);
    }

    [Fact]
    public void Texts_of_like_words_are_nearer_than_others()
    {
        var embedded = TextEmbedding.Of(
        [
            "Doctors recommend the vaccine to pregnant mothers.", "A doctor recommends vaccination to a mother who is pregnant.",
            "Concerts and stadiums are open again.",
        ]);

        Assert.True(Dot(embedded.Values, 0, 1) > Dot(embedded.Values, 0, 2) + 0.1);
        Assert.True(Dot(embedded.Values, 0, 1) > Dot(embedded.Values, 1, 2) + 0.1);
    }

    [Fact]
    public void Letter_case_and_marks_do_not_count() =>
        Assert.Equal(TextEmbedding.Of(["get your shot"]).Values, TextEmbedding.Of(["Get -- your SHOT!"]).Values);

    [Fact]
    public void A_text_without_words_lies_at_the_origin() => Assert.All(TextEmbedding.Of(["...", "word"]).Values[..768], value => Assert.Equal(0, value));

    static double Dot(float[] values, int one, int other) =>
        Enumerable.Range(0, 768).Sum(column => (double)values[(one * 768) + column] * values[(other * 768) + column]);
}
