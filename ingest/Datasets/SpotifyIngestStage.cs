using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Raw playlists to two tables: the tracks of all genres, and the songs to recommend.</summary>
/// <param name="raw">The folder that holds `playlists/`; null for the generated sample.</param>
public sealed class SpotifyIngestStage(string? raw) : IStage
{
    public static readonly Artifact Tracks = new("tracks of the genre playlists", "1-tables/tracks");
    public static readonly Artifact Songs = new("songs to recommend", "1-tables/songs");

    /// <summary>How many playlists there are, among the facts of the tracks.</summary>
    public const string Genres = "genres";

    public string Name => "ingest";

    public int Version => 1;

    /// <summary>Nothing to choose. Where the raw files lie is no option: what is in them decides, and that is hashed.</summary>
    public object Options { get; } = new SpotifyIngestOptions();

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<string> RawFolders => raw is null ? [] : [raw];

    public IReadOnlyList<Artifact> Reads => raw is null ? [SpotifySampleStage.Sample] : [];

    public IReadOnlyList<Artifact> Writes => [Tracks, Songs];

    /// <summary>A track has about 102 bytes of text, and 68 in the table; a song with its name 160.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var files = raw is null ? inputs.Of(SpotifySampleStage.Sample) : inputs.Raw;
        var playlists = files.Counts.Where(file => file.Key.StartsWith($"{SpotifyFiles.Playlists}/", StringComparison.Ordinal)).ToList();
        var songs = files.Count(SpotifyFiles.Playlist(SpotifyFiles.Top50)) / 102.0;
        var tracks = (playlists.Sum(file => file.Value) / 102.0) - songs;
        return [DataSize.Of(tracks * 68, tracks) with { Counts = new Dictionary<string, long> { [Genres] = playlists.Count - 1 } }, DataSize.Of(songs * 160, songs)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var reader = new SpotifyReader(raw ?? context.Input(SpotifySampleStage.Sample).Path);
        WriteTracks(reader, context, cancellation);
        WriteSongs(reader, context.Output(Songs));
        return Task.CompletedTask;
    }

    static void WriteTracks(SpotifyReader reader, StageContext context, CancellationToken cancellation)
    {
        var output = context.Output(Tracks);
        using var writer = new TableWriter(output, SpotifyFiles.TrackSchema);
        var tracks = 0L;
        for (var g = 0; g < reader.Genres.Count; g++)
        {
            cancellation.ThrowIfCancellationRequested();
            var genre = reader.Genres[g];
            foreach (var (position, (id, features)) in reader.Tracks(genre).Index())
            {
                writer.Rows.Strings("genre").Add(genre);
                AddTrack(writer, position, id, features);
                tracks++;
            }

            context.Progress(g + 1, reader.Genres.Count, "playlists");
        }

        writer.Finish();
        output.Facts[Genres] = reader.Genres.Count;
        output.Facts["tracks"] = tracks;
    }

    static void WriteSongs(SpotifyReader reader, OutputFolder output)
    {
        var songs = reader.Songs();
        var names = reader.Names();
        using var writer = new TableWriter(output, SpotifyFiles.SongSchema);
        var named = 0;
        foreach (var (position, (id, features)) in songs.Index())
        {
            if (names.TryGetValue(id, out var song))
            {
                writer.Rows.Strings("name").Add(song.Name);
                writer.Rows.Strings("artist").Add(song.Artist);
                named++;
            }
            else
            {
                writer.Rows.Strings("name").AddNull();
                writer.Rows.Strings("artist").AddNull();
            }

            AddTrack(writer, position, id, features);
        }

        writer.Finish();
        output.Facts["songs"] = songs.Count;
        output.Facts["songsWithName"] = named;
    }

    static void AddTrack(TableWriter writer, int position, string id, double[] features)
    {
        writer.Rows.Values<int>("position").Add(position);
        writer.Rows.Strings("id").Add(id);
        for (var j = 0; j < features.Length; j++)
        {
            writer.Rows.Values<double>(SpotifyFiles.Features[j]).Add(features[j]);
        }

        writer.EndRow();
    }
}

/// <summary>The ingest stage has no options.</summary>
public sealed record SpotifyIngestOptions;
