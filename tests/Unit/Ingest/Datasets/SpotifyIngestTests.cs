using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest;

public sealed class SpotifyIngestTests : IDisposable
{
    const string Header = ",id,acousticness,danceability,energy,instrumentalness,liveness,loudness,mode,speechiness,tempo,valence\n";
    const string Row = "0,track-a,0.1,0.2,0.3,0.4,0.5,0.6,1.0,0.8,0.9,2.06e-05\n";

    readonly StageHarness harness = new("spotify");
    readonly string raw;

    public SpotifyIngestTests()
    {
        raw = Path.Combine(harness.Root, "raw");
        Write("playlists/jazz.csv", Header + Row + Row.Replace("0,track-a,0.1", "1,track-b,0.7", StringComparison.Ordinal));
        Write("playlists/folk.csv", Header + Row);
        Write("playlists/top50.csv", Header + Row.Replace("track-a", "song-a", StringComparison.Ordinal) + Row.Replace("0,track-a", "1,song-b", StringComparison.Ordinal));
        Write("spotify_top50.csv", ",id,name,artist\n0,song-b,\"Two, \"\"B\"\"\",Bé\n");
    }

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Tracks_are_those_of_all_genres_in_alphabetical_order()
    {
        var tracks = Table(SpotifyIngestStage.Tracks);

        Assert.Equal(["folk", "jazz", "jazz"], Texts(tracks, "genre"));
        Assert.Equal([0, 0, 1], tracks.Values<int>("position").Values.ToArray());
        Assert.Equal(["track-a", "track-a", "track-b"], Texts(tracks, "id"));
        Assert.Equal([0.1, 0.1, 0.7], tracks.Values<double>("acousticness").Values.ToArray());
        Assert.Equal([2.06e-05, 2.06e-05, 2.06e-05], tracks.Values<double>("valence").Values.ToArray());
    }

    [Fact]
    public void Songs_are_the_top_50_in_playlist_order_with_their_names_where_known()
    {
        var songs = Table(SpotifyIngestStage.Songs);

        Assert.Equal(["song-a", "song-b"], Texts(songs, "id"));
        Assert.True(songs.Strings("name").IsNull(0));
        Assert.Equal("Two, \"B\"", songs.Strings("name").Text(1));
        Assert.Equal("Bé", songs.Strings("artist").Text(1));
    }

    [Fact]
    public void Names_may_be_absent()
    {
        File.Delete(Path.Combine(raw, "spotify_top50.csv"));

        Assert.Equal(2, Table(SpotifyIngestStage.Songs).Strings("name").NullCount);
    }

    [Fact]
    public void Real_raw_folder_is_not_synthetic_and_is_hashed_instead_of_named()
    {
        var stage = new SpotifyIngestStage(raw);

        Assert.Equal([raw], stage.RawFolders);
        Assert.Empty(stage.Reads);
        Assert.Empty(stage.Options.GetType().GetProperties());
        Table(SpotifyIngestStage.Tracks);
        Assert.False(harness.Input(SpotifyIngestStage.Tracks).Manifest.Synthetic);
    }

    [Fact]
    public void Hidden_files_and_files_of_other_kinds_are_no_playlists()
    {
        Write("playlists/._jazz.csv", "\0\0");
        Write("playlists/notes.txt", "not a playlist");

        Assert.Equal(3, Table(SpotifyIngestStage.Tracks).Count);
    }

    [Theory]
    [InlineData("jazz.CSV")]
    [InlineData("jazz.csv.gz")]
    [InlineData("jazz.csv.part")]
    public void Playlist_under_a_name_that_is_not_looked_for_is_refused_and_not_left_out(string name)
    {
        File.Move(Path.Combine(raw, "playlists/jazz.csv"), Path.Combine(raw, "playlists", name));

        Assert.StartsWith($"playlists/{name}: playlists are read from playlists/GENRE.csv alone", Fails(ExitCode.CheckFailed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("120.5")]
    [InlineData("-7.2")]
    [InlineData("1e308")]
    public void Feature_in_other_units_is_refused(string value)
    {
        Write("playlists/jazz.csv", Header + Row + Row.Replace("0.9", value, StringComparison.Ordinal));

        Assert.StartsWith("playlists/jazz.csv(3): ", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
        Assert.Contains($"is {value}; it must be about 0 to 1", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_folder_is_an_input_that_is_missing()
    {
        Directory.Delete(raw, recursive: true);

        Assert.Contains($"Looked in {raw}, found: no such folder.", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_playlists_says_what_it_holds_instead()
    {
        Directory.Move(Path.Combine(raw, "playlists"), Path.Combine(raw, "Playlisten"));

        Assert.StartsWith(
            $"The raw folder of Spotify has no folder playlists/. Looked in {raw}, found: Playlisten, spotify_top50.csv. "
            + "Expected: playlists/top50.csv and one playlists/GENRE.csv per genre.",
            Fails(ExitCode.InputMissing),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_the_top_50_is_refused()
    {
        File.Delete(Path.Combine(raw, "playlists/top50.csv"));

        Assert.Contains("has no playlists/top50.csv", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_a_genre_is_refused()
    {
        File.Delete(Path.Combine(raw, "playlists/jazz.csv"));
        File.Delete(Path.Combine(raw, "playlists/folk.csv"));

        Assert.Contains("has no genre", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_column_is_named()
    {
        Write("playlists/jazz.csv", "id,energy\na,1\n");

        Assert.StartsWith("playlists/jazz.csv: columns missing: acousticness, danceability, instrumentalness,", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_a_number_is_named_with_its_line()
    {
        Write("playlists/jazz.csv", Header + Row + Row.Replace("0.9", "fast", StringComparison.Ordinal));

        Assert.Equal("playlists/jazz.csv(3): tempo is 'fast'; it must be a finite number.", Fails(ExitCode.InputMissing));
    }

    [Fact]
    public void Empty_playlist_is_refused()
    {
        Write("playlists/jazz.csv", "");

        Assert.Contains("jazz.csv is empty", Fails(ExitCode.InputMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Playlist_without_tracks_fails_the_check()
    {
        Write("playlists/jazz.csv", Header);

        Assert.StartsWith("playlists/jazz.csv has a header and no tracks", Fails(ExitCode.CheckFailed), StringComparison.Ordinal);
    }

    [Fact]
    public void Track_without_an_id_is_refused()
    {
        Write("playlists/jazz.csv", Header + Row.Replace("track-a", "", StringComparison.Ordinal));

        Assert.Equal("playlists/jazz.csv(2): id is empty.", Fails(ExitCode.InputMissing));
    }

    [Fact]
    public void Song_that_is_there_twice_fails_the_check()
    {
        Write("playlists/top50.csv", Header + Row + Row);

        Assert.StartsWith("playlists/top50.csv: song track-a is there 2 times", Fails(ExitCode.CheckFailed), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_genre_fail_the_check()
    {
        Write("playlists/Jazz.csv", Header + Row);

        Assert.StartsWith("playlists/Jazz.csv and playlists/jazz.csv name one genre", Fails(ExitCode.CheckFailed), StringComparison.Ordinal);
    }

    [Fact]
    public void Plus_in_the_name_of_a_genre_fails_the_check()
    {
        Write("playlists/drum+bass.csv", Header + Row);

        Assert.StartsWith("playlists/drum+bass.csv: a genre cannot have a '+'", Fails(ExitCode.CheckFailed), StringComparison.Ordinal);
    }

    [RealDataFact("spotify")]
    public void Real_files_have_1945_tracks_of_20_genres_and_50_named_songs()
    {
        harness.Run(new SpotifyIngestStage(RealData.Folder("spotify")));

        // 18 genres of 100 tracks, blues with 70 and electro with 75.
        Assert.Equal((18 * 100) + 70 + 75, harness.Input(SpotifyIngestStage.Tracks).Manifest.Rows);
        var songs = TableFiles.ReadAll(harness.Input(SpotifyIngestStage.Songs));
        Assert.Equal(50, songs.Count);
        Assert.Equal(0, songs.Strings("name").NullCount);
        Assert.Equal("What Was I Made For? [From The Motion Picture \"Barbie\"]", songs.Strings("name").Text(2));
    }

    static string[] Texts(RowGroup rows, string column) => [.. Enumerable.Range(0, rows.Count).Select(rows.Strings(column).Text)];

    void Write(string name, string text)
    {
        var path = Path.Combine(raw, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    RowGroup Table(Artifact artifact) => TableFiles.ReadAll(harness.Run(new SpotifyIngestStage(raw)).Input(artifact));

    string Fails(ExitCode code)
    {
        var error = Assert.Throws<PipelineException>(() => harness.Run(new SpotifyIngestStage(raw)));
        Assert.Equal(code, error.Code);
        return error.Message;
    }
}
