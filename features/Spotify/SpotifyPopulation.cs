using Pipeline.Stages;

namespace Pipeline.Features.Spotify;

/// <summary>Every user there can be: those who like one to four genres. With 20 genres they are 20 + 190 + 1,140 + 4,845 = 6,195.</summary>
/// <remarks>
/// Numbered by how many genres they like, then by the genres in lexicographic order. What a user thinks of the songs is the sum of
/// the rows of their genres: p(u) = u R, R [genres, songs].
/// </remarks>
public sealed class SpotifyPopulation
{
    /// <summary>A user likes at most so many genres.</summary>
    internal const int MostGenres = 4;

    /// <summary>More users than this cannot be meant: about 70 genres.</summary>
    const long MostUsers = 1_000_000;

    readonly IReadOnlyList<string> genres;
    readonly double[] affinity;

    /// <summary>[Count, MostGenres]: the genres of each user, ascending; the rest of a row is unused.</summary>
    readonly int[] members;

    /// <summary>Number of the first user with k + 1 genres; one more entry for the end.</summary>
    readonly int[] starts;

    /// <param name="genres">In alphabetical order.</param>
    /// <param name="affinity">R, [genres, songs] row-major.</param>
    /// <exception cref="PipelineException">There are so many genres that the users cannot be enumerated.</exception>
    public SpotifyPopulation(IReadOnlyList<string> genres, double[] affinity)
    {
        if (genres.Count == 0 || affinity.Length == 0 || affinity.Length % genres.Count != 0)
        {
            throw new ArgumentException($"{affinity.Length} affinities are not those of {genres.Count} genres.");
        }

        (this.genres, this.affinity) = (genres, affinity);
        Songs = affinity.Length / genres.Count;
        starts = Starts(genres.Count);
        members = new int[Count * MostGenres];
        Span<int> chosen = stackalloc int[MostGenres];
        var user = 0;
        for (var k = 1; k < starts.Length; k++)
        {
            Enumerate(chosen[..k], 0, 0, ref user);
        }
    }

    /// <summary>Users.</summary>
    public int Count => starts[^1];

    public int Songs { get; }

    /// <summary>Numbers of the genres a user likes, ascending; one to four.</summary>
    public ReadOnlySpan<int> Genres(int user)
    {
        var k = 1;
        while (user >= starts[k])
        {
            k++;
        }

        return members.AsSpan(user * MostGenres, k);
    }

    /// <summary>The genres joined by `+`, in alphabetical order: "folk+jazz".</summary>
    public string Id(int user)
    {
        List<string> names = [];
        foreach (var genre in Genres(user))
        {
            names.Add(genres[genre]);
        }

        return string.Join('+', names);
    }

    /// <summary>The number of genres is uniform on 1 .. 4; which ones is uniform among the sets of that size.</summary>
    public int Draw(RandomStream random)
    {
        var k = random.NextInt(starts.Length - 1);
        return starts[k] + random.NextInt(starts[k + 1] - starts[k]);
    }

    /// <summary>p(u) = u R of one song: above 0 the user leans to it.</summary>
    public double Preference(int user, int song)
    {
        var sum = 0.0;
        foreach (var genre in Genres(user))
        {
            sum += affinity[(genre * Songs) + song];
        }

        return sum;
    }

    /// <summary>What the user says of a song: 1 liked, -1 disliked, 0 neither.</summary>
    /// <param name="threshold">Strictly beyond it a preference counts.</param>
    public int Sentiment(int user, int song, double threshold)
    {
        var preference = Preference(user, song);
        return preference > threshold ? 1 : preference < -threshold ? -1 : 0;
    }

    /// <summary>The songs a user likes, ascending.</summary>
    public int[] Liked(int user, double threshold) => [.. Enumerable.Range(0, Songs).Where(song => Sentiment(user, song, threshold) > 0)];

    static int[] Starts(int genres)
    {
        var starts = new int[Math.Min(MostGenres, genres) + 1];
        var sets = 1L;
        for (var k = 1; k < starts.Length; k++)
        {
            sets = sets * (genres - k + 1) / k;
            if (sets > MostUsers)
            {
                throw new PipelineException(
                    ExitCode.CheckFailed,
                    $"{genres} genres make more than {MostUsers:N0} users of up to {MostGenres} genres. Expected about 20 genres: remove playlists.");
            }

            starts[k] = starts[k - 1] + (int)sets;
        }

        return starts;
    }

    void Enumerate(Span<int> chosen, int depth, int next, ref int user)
    {
        if (depth == chosen.Length)
        {
            chosen.CopyTo(members.AsSpan(user++ * MostGenres));
            return;
        }

        for (var genre = next; genre < genres.Count; genre++)
        {
            chosen[depth] = genre;
            Enumerate(chosen, depth + 1, genre + 1, ref user);
        }
    }
}
