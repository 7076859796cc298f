using System.Text;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Tables;

public class TextDictionaryTests
{
    [Fact]
    public void Texts_are_numbered_by_their_first_occurrence_beyond_any_growth()
    {
        var dictionary = new TextDictionary(new Column("id", ColumnType.String));
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(i % 5000, dictionary.Add(Encoding.UTF8.GetBytes($"customer {i % 5000}")));
        }

        Assert.Equal("customer 4999", dictionary.Entries.Text(4999));
    }

    [Fact]
    public void Texts_that_differ_in_length_or_by_zeros_are_different()
    {
        var dictionary = new TextDictionary(new Column("id", ColumnType.String));

        Assert.Equal([0, 1, 2, 3, 1], new[] { "", "\0", "\0\0", "\0\0\0\0\0\0\0\0", "\0" }.Select(text => dictionary.Add(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Text_is_found_where_it_was_added_and_looking_adds_none()
    {
        var dictionary = new TextDictionary(new Column("id", ColumnType.String));
        dictionary.Add("a"u8);
        dictionary.Add("b"u8);

        Assert.Equal([1, -1, 0, -1], new[] { "b", "c", "a", "c" }.Select(text => dictionary.Find(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(2, dictionary.Entries.Count);
    }
}
