using CsvHelper;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Writes raw files of exactly the form of the real ones, with generated numbers and made-up names, so that a fresh clone runs.</summary>
public sealed class SpotifySampleStage(SpotifySampleOptions options) : IStage
{
    public static readonly Artifact Sample = new("generated raw files", "0-raw/sample");

    const int SongCount = 50;

    public string Name => "sample";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [];

    public IReadOnlyList<Artifact> Writes => [Sample];

    public bool IsSynthetic => true;

    /// <summary>About 100 bytes a track.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        const double BytesOfTrack = 103;
        var bytesOf = SpotifySampleGenre.Genres.ToDictionary(genre => SpotifyFiles.Playlist(genre.Name), genre => (long)(genre.Tracks * BytesOfTrack), StringComparer.Ordinal);
        bytesOf[SpotifyFiles.Playlist(SpotifySampleGenre.Charts.Name)] = (long)(SongCount * BytesOfTrack);
        return [new DataSize(bytesOf.Values.Sum()) { Counts = bytesOf }];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var output = context.Output(Sample);
        Files.MakeFolder(output.File(SpotifyFiles.Playlists));
        foreach (var genre in SpotifySampleGenre.Genres)
        {
            WritePlaylist(output, genre, genre.Tracks, context.Random(options.Seed, $"sample/{genre.Name}"));
        }

        var ids = WritePlaylist(output, SpotifySampleGenre.Charts, SongCount, context.Random(options.Seed, $"sample/{SpotifyFiles.Top50}"));
        WriteNames(output, ids, context.Random(options.Seed, "sample/names"));
        output.Facts["genres"] = SpotifySampleGenre.Genres.Count;
        output.Facts["songs"] = SongCount;
        return Task.CompletedTask;
    }

    /// <returns>The ids of its tracks.</returns>
    static List<string> WritePlaylist(OutputFolder output, SpotifySampleGenre genre, int tracks, RandomStream random)
    {
        using var writer = Open(output.File(SpotifyFiles.Playlist(genre.Name)));
        writer.WriteRecord(["", "id", .. SpotifyFiles.Features]);
        List<string> ids = [];
        for (var position = 0; position < tracks; position++)
        {
            ids.Add(SpotifySampleWords.Id(random));
            writer.WriteRecord([$"{position}", ids[position], .. genre.Draw(random).Select(SpotifySampleGenre.Format)]);
        }

        return ids;
    }

    static void WriteNames(OutputFolder output, List<string> ids, RandomStream random)
    {
        using var writer = Open(output.File(SpotifyFiles.Names));
        writer.WriteRecord(["", "id", "name", "artist"]);
        for (var position = 0; position < ids.Count; position++)
        {
            writer.WriteRecord([$"{position}", ids[position], SpotifySampleWords.Title(random), SpotifySampleWords.Artist(random)]);
        }
    }

    static CsvWriter Open(string path) => CsvWriter.ToFile(path, CsvWriterOptions.Default with { NewLine = "\n" });
}
