using Pipeline.Features.Spotify;
using Pipeline.Stages;

namespace Pipeline.Unit.Features;

public sealed class SpotifyPopulationTests
{
    static readonly string[] Letters = [.. Enumerable.Range(0, 20).Select(genre => ((char)('a' + genre)).ToString())];

    /// <summary>Twenty genres and one song; genre g leans to it by g.</summary>
    readonly SpotifyPopulation population = new(Letters, [.. Enumerable.Range(0, 20).Select(genre => (double)genre)]);

    [Fact]
    public void There_are_6195_users_of_20_genres() =>
        Assert.Equal(20 + 190 + 1140 + 4845, population.Count); // 20 choose 1, 2, 3 and 4

    [Fact]
    public void Every_user_is_there_once()
    {
        var ids = Enumerable.Range(0, population.Count).Select(population.Id).ToHashSet();

        Assert.Equal(6195, ids.Count);
        Assert.All(ids, id => Assert.Equal(id.Split('+').Order(StringComparer.Ordinal).Distinct(), id.Split('+')));
    }

    [Fact]
    public void Users_are_numbered_by_size_and_then_in_lexicographic_order()
    {
        Assert.Equal(["a", "t"], new[] { 0, 19 }.Select(population.Id));
        Assert.Equal(["a+b", "a+c", "s+t"], new[] { 20, 21, 209 }.Select(population.Id));
        Assert.Equal(["a+b+c", "r+s+t"], new[] { 210, 1349 }.Select(population.Id));
        Assert.Equal(["a+b+c+d", "q+r+s+t"], new[] { 1350, 6194 }.Select(population.Id));
    }

    [Fact]
    public void Preference_is_the_sum_over_the_genres_of_a_user() =>
        Assert.Equal(16 + 17 + 18 + 19, population.Preference(6194, 0));

    [Fact]
    public void Sentiment_counts_strictly_beyond_the_threshold()
    {
        var songs = new SpotifyPopulation(["a"], [0.1, Math.BitIncrement(0.1), -0.1, Math.BitDecrement(-0.1), 0]);

        Assert.Equal([0, 1, 0, -1, 0], Enumerable.Range(0, 5).Select(song => songs.Sentiment(0, song, 0.1)));
        Assert.Equal([1], songs.Liked(0, 0.1));
    }

    [Fact]
    public void Fewer_than_four_genres_make_fewer_sizes()
    {
        var two = new SpotifyPopulation(["a", "b"], [1, 2]);

        Assert.Equal(["a", "b", "a+b"], Enumerable.Range(0, two.Count).Select(two.Id));
    }

    [Fact]
    public void Genres_beyond_all_reason_are_refused()
    {
        var error = Assert.Throws<PipelineException>(() => new SpotifyPopulation([.. Enumerable.Range(0, 200).Select(genre => $"{genre:000}")], new double[200]));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
    }

    [Fact]
    public void Sizes_are_drawn_uniformly()
    {
        var counts = Draw(40_000).CountBy(user => population.Genres(user).Length).OrderBy(pair => pair.Key).Select(pair => pair.Value);

        // 0.999 quantile of chi-square with 3 degrees of freedom.
        Assert.InRange(ChiSquare.OfUniform(counts, 4), 0, 16.27);
    }

    [Fact]
    public void Sets_of_one_size_are_drawn_uniformly()
    {
        var counts = Draw(40_000).Where(user => population.Genres(user).Length == 2).CountBy(user => user).Select(pair => pair.Value);

        // 190 sets: 0.999 quantile of chi-square with 189 degrees of freedom (Wilson and Hilferty: 189 (1 - 2/1701 + 3.090 sqrt(2/1701))^3).
        Assert.InRange(ChiSquare.OfUniform(counts, 190), 0, 254.8);
    }

    [Fact]
    public void Users_with_a_thousand_sets_are_drawn_uniformly_by_genre()
    {
        var draws = Draw(40_000).Where(user => population.Genres(user).Length == 4).ToArray();
        var counts = draws.SelectMany(user => population.Genres(user).ToArray()).CountBy(genre => genre).Select(pair => pair.Value).ToArray();

        // The four genres of a user exclude each other, so counts vary less than chi-square with 19 degrees of freedom, whose 0.999 quantile this is.
        Assert.Equal(4 * draws.Length, counts.Sum());
        Assert.InRange(ChiSquare.OfUniform(counts, 20), 0, 43.82);
    }

    IEnumerable<int> Draw(int count)
    {
        var random = new RandomStream(7, "population");
        return Enumerable.Range(0, count).Select(_ => population.Draw(random));
    }
}
