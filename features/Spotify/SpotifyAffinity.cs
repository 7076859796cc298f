using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Spotify;

/// <summary>How much a genre leans to a song, [genres, songs], in double: the environment that the users of this dataset live in.</summary>
/// <remarks>
/// <code>R = (G - mean over genres) (S - mean over songs)^T</code>
/// G [genres, features]: mean of the tracks of each genre. S [songs, features].
/// NOTE: differs from Starnes and Webster, sec. III-A, p(u) = u G S^T: without the centring every affinity is positive and every song
/// liked. Their printed metrics need songs that are not.
/// On disk: `genre` string, `item` int32, `value` double, genre by genre.
/// </remarks>
public sealed class SpotifyAffinity
{
    static readonly TableSchema Schema = new(new("genre", ColumnType.String), new("item", ColumnType.Int32), new("value", ColumnType.Double));

    SpotifyAffinity(IReadOnlyList<string> genres, double[] values) => (Genres, Values) = (genres, values);

    /// <summary>In alphabetical (ordinal) order.</summary>
    public IReadOnlyList<string> Genres { get; }

    /// <summary>[Genres, songs] row-major.</summary>
    public double[] Values { get; }

    /// <param name="tracks">The tracks table: the tracks of a genre are adjacent, genres in alphabetical order.</param>
    /// <param name="songs">The songs table.</param>
    public static SpotifyAffinity Of(RowGroup tracks, RowGroup songs)
    {
        var features = SpotifyFiles.Features.Count;
        var (genres, means) = Means(tracks);
        var songFeatures = new double[songs.Count * features];
        for (var j = 0; j < features; j++)
        {
            var column = songs.Values<double>(SpotifyFiles.Features[j]).Values;
            for (var s = 0; s < songs.Count; s++)
            {
                songFeatures[(s * features) + j] = column[s];
            }
        }

        Centre(means, features);
        Centre(songFeatures, features);
        var values = new double[genres.Count * songs.Count];
        for (var g = 0; g < genres.Count; g++)
        {
            for (var s = 0; s < songs.Count; s++)
            {
                var sum = 0.0;
                for (var j = 0; j < features; j++)
                {
                    sum += means[(g * features) + j] * songFeatures[(s * features) + j];
                }

                values[(g * songs.Count) + s] = sum;
            }
        }

        return new SpotifyAffinity(genres, values);
    }

    public static SpotifyAffinity Read(InputFolder input)
    {
        var rows = TableFiles.ReadAll(input, "genre", "value");
        var names = rows.Strings("genre");
        List<string> genres = [];
        for (var row = 0; row < rows.Count; row++)
        {
            var genre = names.Text(row);
            if (genres.Count == 0 || genres[^1] != genre)
            {
                genres.Add(genre);
            }
        }

        return new SpotifyAffinity(genres, [.. rows.Values<double>("value").Values]);
    }

    public void Write(OutputFolder output)
    {
        using var writer = new TableWriter(output, Schema);
        var songs = Values.Length / Genres.Count;
        for (var i = 0; i < Values.Length; i++)
        {
            writer.Rows.Strings("genre").Add(Genres[i / songs]);
            writer.Rows.Values<int>("item").Add(i % songs);
            writer.Rows.Values<double>("value").Add(Values[i]);
            writer.EndRow();
        }

        writer.Finish();
    }

    /// <summary>G, [genres, features].</summary>
    static (List<string> Genres, double[] Means) Means(RowGroup tracks)
    {
        var features = SpotifyFiles.Features.Select(tracks.Values<double>).ToArray();
        var names = tracks.Strings("genre");
        List<string> genres = [];
        List<double> means = [];
        for (var (from, to) = (0, 0); from < tracks.Count; from = to)
        {
            genres.Add(names.Text(from));
            while (to < tracks.Count && names[to].SequenceEqual(names[from]))
            {
                to++;
            }

            foreach (var feature in features)
            {
                var sum = 0.0;
                foreach (var value in feature.Values[from..to])
                {
                    sum += value;
                }

                means.Add(sum / (to - from));
            }
        }

        return (genres, [.. means]);
    }

    /// <summary>Subtracts from each column its mean. Overwrites.</summary>
    static void Centre(Span<double> matrix, int columns)
    {
        var rows = matrix.Length / columns;
        for (var c = 0; c < columns; c++)
        {
            var sum = 0.0;
            for (var r = 0; r < rows; r++)
            {
                sum += matrix[(r * columns) + c];
            }

            for (var r = 0; r < rows; r++)
            {
                matrix[(r * columns) + c] -= sum / rows;
            }
        }
    }
}
