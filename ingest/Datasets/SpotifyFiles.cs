using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Datasets;

/// <summary>What the raw Spotify files look like; the real ones and the generated ones alike.</summary>
/// <remarks>
/// `playlists/GENRE.csv` for every genre and `playlists/top50.csv`: an unnamed row number, id and ten features per track, in playlist
/// order. `spotify_top50.csv`: an unnamed row number, id, name and artist of the top 50 songs; it may be absent.
/// </remarks>
public static class SpotifyFiles
{
    public const string Playlists = "playlists";

    /// <summary>The one playlist that is no genre: the songs to recommend.</summary>
    public const string Top50 = "top50";

    public const string Names = "spotify_top50.csv";

    /// <summary>The ten numbers of a track. All lie between 0 and about 1: loudness is dB / 60 + 1, tempo is beats per minute / 200, mode is 0 or 1.</summary>
    public static IReadOnlyList<string> Features { get; } =
    [
        "acousticness", "danceability", "energy", "instrumentalness", "liveness", "loudness", "mode", "speechiness", "tempo", "valence",
    ];

    /// <summary>`genre`, `position` in the playlist from 0, `id`, then the features: the rows of all genre playlists, genres in ordinal order.</summary>
    public static TableSchema TrackSchema { get; } = new(
    [
        new("genre", ColumnType.String),
        new("position", ColumnType.Int32),
        new("id", ColumnType.String),
        .. Features.Select(feature => new Column(feature, ColumnType.Double)),
    ]);

    /// <summary>`position` in the playlist from 0, `id`, `name` and `artist` where known, then the features.</summary>
    public static TableSchema SongSchema { get; } = new(
    [
        new("position", ColumnType.Int32),
        new("id", ColumnType.String),
        new("name", ColumnType.String, IsOptional: true),
        new("artist", ColumnType.String, IsOptional: true),
        .. Features.Select(feature => new Column(feature, ColumnType.Double)),
    ]);

    /// <summary>Path of a playlist below the raw folder.</summary>
    public static string Playlist(string name) => $"{Playlists}/{name}.csv";
}
