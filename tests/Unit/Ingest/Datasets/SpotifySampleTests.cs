using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest;

public sealed partial class SpotifySampleTests : IDisposable
{
    readonly StageHarness harness = new("spotify");

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Sample_has_twenty_genres_the_top_50_and_their_names()
    {
        var files = Sample().Manifest.Parts.Select(part => part.Path).ToArray();

        Assert.Equal(22, files.Length);
        Assert.Contains("playlists/top50.csv", files);
        Assert.Contains("spotify_top50.csv", files);
        Assert.Equal(20, files.Count(file => file.StartsWith("playlists/", StringComparison.Ordinal) && file != "playlists/top50.csv"));
    }

    [Fact]
    public void Sample_says_that_it_is_generated_and_so_does_what_is_made_of_it()
    {
        Sample();
        harness.Run(new SpotifyIngestStage(null));

        Assert.True(harness.Input(SpotifySampleStage.Sample).Manifest.Synthetic);
        Assert.True(harness.Input(SpotifyIngestStage.Songs).Manifest.Synthetic);
    }

    [Fact]
    public void Playlists_have_the_form_of_the_real_ones()
    {
        foreach (var playlist in Directory.GetFiles(Sample().File("playlists")))
        {
            AssertForm(File.ReadAllText(playlist));
        }
    }

    [RealDataFact("spotify")]
    public void Real_playlists_have_that_form_too()
    {
        foreach (var playlist in Directory.GetFiles(Path.Combine(RealData.Folder("spotify"), "playlists")))
        {
            AssertForm(File.ReadAllText(playlist));
        }
    }

    [RealDataFact("spotify")]
    public void Numbers_are_printed_as_the_real_files_print_them()
    {
        foreach (var playlist in Directory.GetFiles(Path.Combine(RealData.Folder("spotify"), "playlists")))
        {
            foreach (var cell in File.ReadLines(playlist).Skip(1).SelectMany(line => line.Split(',').Skip(2)))
            {
                Assert.Equal(cell, SpotifySampleGenre.Format(double.Parse(cell, CultureInfo.InvariantCulture)));
            }
        }
    }

    [RealDataFact("spotify")]
    public void Names_have_the_header_of_the_real_ones() =>
        Assert.Equal(File.ReadLines(Path.Combine(RealData.Folder("spotify"), "spotify_top50.csv")).First(), File.ReadLines(Sample().File("spotify_top50.csv")).First());

    [Fact]
    public void Numbers_of_the_sample_lie_where_the_real_ones_do()
    {
        // Loudness of the real files reaches from 0.26 to 0.99 and tempo to 1.17; all others lie in 0 .. 1.
        foreach (var genre in SpotifySampleGenre.Genres.Append(SpotifySampleGenre.Charts))
        {
            var random = new RandomStream(3, genre.Name);
            for (var i = 0; i < 200; i++)
            {
                Assert.All(genre.Draw(random), (value, feature) => Assert.InRange(value, 0, feature == 8 ? 1.3 : 1));
            }
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_another_seed_other_ones()
    {
        var first = Sample().Manifest.Fingerprint;
        var second = Sample().Manifest.Fingerprint;

        Assert.Equal(first, second);
        Assert.NotEqual(first, Sample(seed: 2).Manifest.Fingerprint);
    }

    static void AssertForm(string text)
    {
        Assert.StartsWith(",id,acousticness,danceability,energy,instrumentalness,liveness,loudness,mode,speechiness,tempo,valence\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text.Split('\n')[1..^1];
        Assert.InRange(lines.Length, 50, 100);
        Assert.All(lines, (line, row) => Assert.Matches(Row(), line));
        Assert.All(lines, (line, row) => Assert.StartsWith($"{row},", line, StringComparison.Ordinal));
    }

    /// <summary>Row number, id of 22 letters and digits, ten numbers of which the seventh is 0.0 or 1.0.</summary>
    [GeneratedRegex(@"^\d+,[0-9A-Za-z]{22}(,\d(\.\d+)?(e-\d\d)?){6},[01]\.0(,\d(\.\d+)?(e-\d\d)?){3}$")]
    private static partial Regex Row();

    InputFolder Sample(int seed = 1) =>
        harness.Run(new SpotifySampleStage(new SpotifySampleOptions { Seed = seed })).Input(SpotifySampleStage.Sample);
}
