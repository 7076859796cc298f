using Pipeline.Features;
using Pipeline.Features.Spotify;
using Pipeline.Ingest.Datasets;

namespace Pipeline.Unit.Features;

public sealed class SpotifyFeatureTests : IDisposable
{
    const double Threshold = 0.1;

    readonly StageHarness harness = new("spotify");

    public void Dispose() => harness.Dispose();

    [RealDataFact("spotify")]
    public void Affinity_of_the_real_files_meets_the_published_environment()
    {
        var affinity = Features(RealData.Folder("spotify"));

        // Computed with NumPy from the same files, printed to 12 decimals.
        Assert.Equal(20 * 50, affinity.Values.Length);
        Assert.Equal(0.082980839110, affinity.Values[0], 5e-13);
        Assert.Equal(0.042668063437, affinity.Values[1], 5e-13);
        Assert.Equal(-0.092509797831, affinity.Values[^1], 5e-13);
        Assert.Equal(4.752062336819, Frobenius(affinity), 5e-13);
    }

    [RealDataFact("spotify")]
    public void Likes_of_all_6195_users_of_the_real_files_are_exact()
    {
        var population = Population(Features(RealData.Folder("spotify")));
        var bySize = Enumerable.Range(0, population.Count).GroupBy(user => population.Genres(user).Length).OrderBy(group => group.Key).ToArray();

        // Computed with NumPy from the same files; the closest preference lies 2.2e-6 from the threshold.
        Assert.Equal([213, 2686, 17922, 79672], bySize.Select(users => users.Sum(user => Count(population, user, 1))));
        Assert.Equal([238, 2730, 17802, 79258], bySize.Select(users => users.Sum(user => Count(population, user, -1))));
        Assert.Equal([2, 5, 6, 31], bySize.Select(users => users.Count(user => Count(population, user, 1) == 0)));
    }

    [RealDataFact("spotify")]
    public void Shares_of_labels_as_users_are_drawn_are_exact()
    {
        var population = Population(Features(RealData.Folder("spotify")));

        // Each number of genres has weight 1/4, whatever the number of its users; printed to 5 and 3 decimals.
        Assert.Equal(0.28476, Share(population, 1), 5e-6);
        Assert.Equal(0.29121, Share(population, -1), 5e-6);
        Assert.Equal(14.238, 50 * Share(population, 1), 5e-4);
    }

    [Fact]
    public void Generated_files_make_an_environment_as_hard_as_the_real_one()
    {
        var affinity = Features(raw: null);
        var population = Population(affinity);

        // The real files have 4.75, 0.285 and 0.291: within a third of them is as alike as a sample needs to be.
        Assert.InRange(Frobenius(affinity), 3.2, 6.3);
        Assert.InRange(Share(population, 1), 0.19, 0.38);
        Assert.InRange(Share(population, -1), 0.19, 0.38);
    }

    [Fact]
    public void Affinity_is_the_product_of_centred_means_and_centred_songs()
    {
        // Only acousticness differs. Genres: folk mean 0.4, jazz 0.8, so centred -0.2 and 0.2; songs 0.1 and 0.5, so centred -0.2 and 0.2.
        Raw("folk", 0.3, 0.5);
        Raw("jazz", 0.8);
        Raw("top50", 0.1, 0.5);

        var affinity = Features(harness.Root);

        Assert.Equal(["folk", "jazz"], affinity.Genres);
        Assert.All(affinity.Values.Zip([0.04, -0.04, -0.04, 0.04]), pair => Assert.Equal(pair.Second, pair.First, 1e-15)); // some ulps of 0.04
    }

    [Fact]
    public void User_is_a_number_per_genre_and_is_named_by_its_genres()
    {
        Features(raw: null);
        var users = EncodedTable.Read(harness.Input(FeatureArtifacts.Users));

        Assert.Equal(6195, users.Count);
        Assert.Equal(20, users.Spec.Numeric.Count);
        Assert.Empty(users.Spec.Categories);
        Assert.Equal(21, users.Spec.Tokens);
        for (var user = 0; user < users.Count; user += 97)
        {
            var liked = users.Spec.Numeric.Where((_, genre) => users.Numeric[(user * 20) + genre] == 1).Select(name => name["genre_".Length..]);
            Assert.Equal(users.Ids[user], string.Join('+', liked));
        }
    }

    [Fact]
    public void Song_is_one_category_of_fifty()
    {
        Features(raw: null);
        var songs = EncodedTable.Read(harness.Input(FeatureArtifacts.Items));

        Assert.Equal(new CategoryFeature("song", 50), Assert.Single(songs.Spec.Categories));
        Assert.Empty(songs.Spec.Numeric);
        Assert.Equal(Enumerable.Range(0, 50), songs.Categories);
        Assert.Equal(22, songs.Ids[0].Length);
        Assert.Contains(" - ", songs.Names![0], StringComparison.Ordinal);
    }

    [Fact]
    public void Song_without_a_name_is_called_by_its_id()
    {
        Raw("folk", 0.3);
        Raw("top50", 0.1);
        Features(harness.Root);

        Assert.Equal(["top50-0"], EncodedTable.Read(harness.Input(FeatureArtifacts.Items)).Names);
    }

    [Fact]
    public void Same_tables_give_the_same_bytes()
    {
        Features(raw: null);
        var first = Fingerprints();
        harness.Run(new SpotifyFeatureStage());

        Assert.Equal(first, Fingerprints());
    }

    string[] Fingerprints() =>
        [.. new SpotifyFeatureStage().Writes.Select(artifact => harness.Input(artifact).Manifest.Fingerprint)];

    SpotifyAffinity Features(string? raw)
    {
        if (raw is null)
        {
            harness.Run(new SpotifySampleStage(new SpotifySampleOptions()));
        }

        harness.Run(new SpotifyIngestStage(raw)).Run(new SpotifyFeatureStage());
        return SpotifyAffinity.Read(harness.Input(SpotifyFeatureStage.Affinity));
    }

    static SpotifyPopulation Population(SpotifyAffinity affinity) => new(affinity.Genres, affinity.Values);

    static double Frobenius(SpotifyAffinity affinity) => Math.Sqrt(affinity.Values.Sum(value => value * value));

    static int Count(SpotifyPopulation population, int user, int sentiment) =>
        Enumerable.Range(0, population.Songs).Count(song => population.Sentiment(user, song, Threshold) == sentiment);

    static double Share(SpotifyPopulation population, int sentiment) =>
        Enumerable.Range(0, population.Count)
            .GroupBy(user => population.Genres(user).Length)
            .Average(users => users.Average(user => (double)Count(population, user, sentiment) / population.Songs));

    /// <summary>Writes a playlist whose tracks differ in acousticness alone.</summary>
    void Raw(string playlist, params double[] acousticness)
    {
        var rows = acousticness.Select((value, row) => $"{row},{playlist}-{row},{SpotifySampleGenre.Format(value)},0.5,0.5,0.5,0.5,0.5,1.0,0.5,0.5,0.5\n");
        var path = Path.Combine(harness.Root, SpotifyFiles.Playlist(playlist));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $",id,{string.Join(',', SpotifyFiles.Features)}\n{string.Concat(rows)}");
    }
}
