using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Reads a folder of raw Spotify files as it is and checks what every later stage takes for granted.</summary>
sealed class SpotifyReader
{
    // No feature of a real track is below 0 or above 1.18; what is far beyond comes in other units and would outweigh all other features.
    const double Least = -1, Most = 2;

    readonly string folder;

    /// <param name="folder">The folder that holds `playlists/`.</param>
    /// <exception cref="PipelineException">There is no such folder, no top 50 or no genre, or two genres have one name.</exception>
    public SpotifyReader(string folder)
    {
        this.folder = folder;
        var playlists = Path.Combine(folder, SpotifyFiles.Playlists);
        if (!Directory.Exists(playlists))
        {
            throw Missing($"has no folder {SpotifyFiles.Playlists}/", folder);
        }

        // Hidden files are not ours: some systems leave "._jazz.csv" beside "jazz.csv".
        string[] names =
        [
            .. Directory.GetFiles(playlists, "*.csv").Select(file => Path.GetFileName(file)).Where(file => !file.StartsWith('.'))
                .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
        ];
        if (!names.Contains(SpotifyFiles.Top50))
        {
            throw Missing($"has no {SpotifyFiles.Playlist(SpotifyFiles.Top50)}", playlists);
        }

        Genres = [.. names.Where(name => name != SpotifyFiles.Top50)];
        if (Genres.Count == 0)
        {
            throw Missing($"has no genre: {SpotifyFiles.Playlists}/ holds only {SpotifyFiles.Top50}.csv", playlists);
        }

        CheckGenres();
        CheckOthers(playlists);
    }

    /// <summary>Names of the genres in ordinal order; at least one.</summary>
    public IReadOnlyList<string> Genres { get; }

    /// <summary>The tracks of a playlist in its order; at least one.</summary>
    public List<(string Id, double[] Features)> Tracks(string playlist)
    {
        var name = SpotifyFiles.Playlist(playlist);
        using var file = new CsvFile(folder, name, ["id", .. SpotifyFiles.Features]);
        List<(string, double[])> tracks = [];
        while (file.Read())
        {
            var features = new double[SpotifyFiles.Features.Count];
            for (var j = 0; j < features.Length; j++)
            {
                features[j] = file.Number(j + 1) is >= Least and <= Most and var value
                    ? value
                    : throw file.Wrong(j + 1, $"is {file.Text(j + 1)}; it must be about 0 to 1 (loudness as dB / 60 + 1, tempo as beats per minute / 200)");
            }

            tracks.Add((Id(file), features));
        }

        return tracks.Count > 0 ? tracks : throw Failed($"{name} has a header and no tracks; expected at least one. Complete or remove it.");
    }

    /// <summary>The songs to recommend, in playlist order, each once.</summary>
    public List<(string Id, double[] Features)> Songs()
    {
        var songs = Tracks(SpotifyFiles.Top50);
        var twice = songs.GroupBy(song => song.Id).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? songs
            : throw Failed($"{SpotifyFiles.Playlist(SpotifyFiles.Top50)}: song {twice.Key} is there {twice.Count()} times; expected every song once.");
    }

    /// <summary>Name and artist by song id; empty if the file is absent, for the numbers alone are enough to run.</summary>
    public Dictionary<string, (string Name, string Artist)> Names()
    {
        Dictionary<string, (string, string)> names = new(StringComparer.Ordinal);
        if (!File.Exists(Path.Combine(folder, SpotifyFiles.Names)))
        {
            return names;
        }

        using var file = new CsvFile(folder, SpotifyFiles.Names, "id", "name", "artist");
        while (file.Read())
        {
            if (!names.TryAdd(Id(file), (file.Text(1), file.Text(2))))
            {
                throw file.Wrong(0, "is there twice; expected one name per song");
            }
        }

        return names;
    }

    static string Id(CsvFile file) => file.Text(0) is { Length: > 0 } id ? id : throw file.Wrong(0, "is empty");

    void CheckGenres()
    {
        foreach (var genre in Genres)
        {
            if (genre.Contains('+'))
            {
                throw Failed($"{SpotifyFiles.Playlist(genre)}: a genre cannot have a '+' in its name, for it joins the genres of a user's id. Rename the file.");
            }
        }

        var twice = Genres.GroupBy(genre => genre, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            var files = string.Join(" and ", twice.Select(SpotifyFiles.Playlist));
            throw Failed($"{files} name one genre; expected one file per genre. Remove one.");
        }
    }

    /// <summary>A playlist under a name that is not looked for would be a genre that nobody misses.</summary>
    static void CheckOthers(string playlists)
    {
        var other = Directory.EnumerateFiles(playlists).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).FirstOrDefault(file =>
            !file.StartsWith('.') && !file.EndsWith(".csv", StringComparison.Ordinal) && file.Contains(".csv", StringComparison.OrdinalIgnoreCase));
        if (other is not null)
        {
            throw Failed($"{SpotifyFiles.Playlists}/{other}: playlists are read from {SpotifyFiles.Playlist("GENRE")} alone, and this would be left out. Unpack, rename or remove it.");
        }
    }

    static PipelineException Missing(string what, string where)
    {
        const int Most = 8;
        string?[] entries = Directory.Exists(where)
            ? [.. Directory.EnumerateFileSystemEntries(where).Select(Path.GetFileName).Order(StringComparer.Ordinal)]
            : ["no such folder"];
        var found = entries.Length == 0 ? "nothing" : string.Join(", ", entries.Take(Most));
        found += entries.Length > Most ? $" and {entries.Length - Most} more" : "";
        return new PipelineException(
            ExitCode.InputMissing,
            $"The raw folder of Spotify {what}. Looked in {where}, found: {found}. Expected: {SpotifyFiles.Playlist(SpotifyFiles.Top50)} and one "
            + $"{SpotifyFiles.Playlists}/GENRE.csv per genre. Set `raw` to the folder that holds {SpotifyFiles.Playlists}/, or leave it out to run on a generated sample.");
    }

    static PipelineException Failed(string message) => new(ExitCode.CheckFailed, message);
}
