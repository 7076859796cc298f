using Pipeline.Ingest.Parquet.Encodings;

namespace Pipeline.Unit.Ingest.Parquet.Encodings;

public class DictionaryTests
{
    [Fact]
    public void Values_are_numbered_by_their_first_occurrence_beyond_any_growth()
    {
        var dictionary = new FixedDictionary<long>();

        // 5,000 different values, each twice: 7919 is prime and does not divide 5,000, so the order is a permutation.
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(i % 5000, dictionary.Add(i % 5000 * 7919L % 5000 << 40));
        }

        Assert.Equal(5000, dictionary.Count);
        Assert.Equal(7919L % 5000 << 40, dictionary.Entries[1]);
    }

    [Fact]
    public void Floats_are_different_by_their_bits()
    {
        var dictionary = new FixedDictionary<float>();

        Assert.Equal([0, 1, 2, 2], new[] { 0f, -0f, float.NaN, float.NaN }.Select(dictionary.Add));
    }

    [Fact]
    public void A_cleared_dictionary_is_empty()
    {
        var dictionary = new FixedDictionary<int>();
        dictionary.Add(5);
        dictionary.Clear();

        Assert.Equal(0, dictionary.Add(6));
        Assert.Equal(1, dictionary.Add(5));
    }
}
