using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Spotify;

/// <summary>Encodes every user and every song, and works out which genre leans to which song.</summary>
/// <remarks>A user is one 0/1 number per genre; a song is one category of as many values as there are songs.</remarks>
public sealed class SpotifyFeatureStage : IStage
{
    public static readonly Artifact Affinity = new("affinity of genres and songs", "2-features/affinity");

    public string Name => "features";

    public int Version => 1;

    public object Options { get; } = new SpotifyFeatureOptions();

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [SpotifyIngestStage.Tracks, SpotifyIngestStage.Songs];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Users, FeatureArtifacts.Items, Affinity];

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (genres, songs) = ((double)inputs.Of(SpotifyIngestStage.Tracks).Count(SpotifyIngestStage.Genres), inputs.Of(SpotifyIngestStage.Songs).Rows);

        // One to four genres out of all: n (n - 1) .. / k!
        var (users, sets) = (0.0, 1.0);
        for (var k = 1; k <= SpotifyPopulation.MostGenres; k++)
        {
            sets *= Math.Max(0, genres - k + 1) / k;
            users += sets;
        }

        return [DataSize.Of(users * (5 + (genres / 8)), users), DataSize.Of(songs * 70.0, songs), DataSize.Of(genres * songs * 9)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var songs = TableFiles.ReadAll(context.Input(SpotifyIngestStage.Songs));
        var affinity = SpotifyAffinity.Of(TableFiles.ReadAll(context.Input(SpotifyIngestStage.Tracks)), songs);
        affinity.Write(context.Output(Affinity));
        cancellation.ThrowIfCancellationRequested();
        var users = EncodeUsers(affinity);
        users.Write(context.Output(FeatureArtifacts.Users));
        EncodeSongs(songs).Write(context.Output(FeatureArtifacts.Items));
        context.Log($"{affinity.Genres.Count} genres make {users.Count:N0} users; there are {songs.Count} songs.");
        return Task.CompletedTask;
    }

    static EncodedTable EncodeUsers(SpotifyAffinity affinity)
    {
        var population = new SpotifyPopulation(affinity.Genres, affinity.Values);
        var ids = new string[population.Count];
        var likes = new float[population.Count * affinity.Genres.Count];
        for (var user = 0; user < population.Count; user++)
        {
            ids[user] = population.Id(user);
            foreach (var genre in population.Genres(user))
            {
                likes[(user * affinity.Genres.Count) + genre] = 1;
            }
        }

        // The prefix keeps a genre called "id" or "name" apart from the columns of that name.
        var spec = new FeatureSpec([.. affinity.Genres.Select(genre => $"genre_{genre}")], []);
        return new EncodedTable(spec, ids, names: null, likes, []);
    }

    static EncodedTable EncodeSongs(RowGroup songs)
    {
        var (ids, names, artists) = (songs.Strings("id"), songs.Strings("name"), songs.Strings("artist"));
        string[] rows = [.. Enumerable.Range(0, songs.Count).Select(ids.Text)];
        string[] titles = [.. rows.Select((id, song) => names.IsNull(song) ? id : $"{names.Text(song)} - {artists.Text(song)}")];
        var spec = new FeatureSpec([], [new CategoryFeature("song", songs.Count)]);
        return new EncodedTable(spec, rows, titles, [], [.. Enumerable.Range(0, songs.Count)]);
    }
}

/// <summary>The feature stage has no options.</summary>
public sealed record SpotifyFeatureOptions;
