using System.Text;
using Pipeline.Ingest.Datasets;

namespace Pipeline.Features;

/// <summary>Texts as points, so that texts of like words lie near each other; needs no model and no network.</summary>
/// <remarks>
/// Words, pairs of neighbouring words and runs of four letters within a word are hashed to columns and signs; each counts by its occurrences
/// over the root of the number of texts that have it; rows are scaled to length 1. It knows words, not meanings: embeddings of a
/// language model, made elsewhere, are better where they can be had.
/// Source: Weinberger et al. 2009, "Feature hashing for large scale multitask learning".
/// NOTE: differs from Starnes and Webster, sec. III-C, who take a language model's embedding of the same width.
/// </remarks>
public static class TextEmbedding
{
    public const int Width = 768;

    const int Run = 4;

    public static Matrix Of(IReadOnlyList<string> texts)
    {
        var counts = texts.Select(Count).ToList();
        var frequency = new Dictionary<uint, int>();
        foreach (var feature in counts.SelectMany(count => count.Keys))
        {
            frequency[feature] = frequency.GetValueOrDefault(feature) + 1;
        }

        var values = new float[texts.Count * Width];
        for (var text = 0; text < texts.Count; text++)
        {
            var row = new double[Width];

            // Sums of doubles depend on their order, and that of a dictionary is no promise.
            foreach (var (feature, count) in counts[text].OrderBy(pair => pair.Key))
            {
                var weight = count / Math.Sqrt(frequency[feature]);
                row[feature % Width] += (feature & 0x80000000) == 0 ? weight : -weight;
            }

            var length = Math.Sqrt(row.Sum(value => value * value));
            for (var column = 0; column < Width; column++)
            {
                values[(text * Width) + column] = length > 0 ? (float)(row[column] / length) : 0;
            }
        }

        return new Matrix(texts.Count, Width, values);
    }

    /// <summary>Occurrences by the hash of the feature.</summary>
    static Dictionary<uint, int> Count(string text)
    {
        var counts = new Dictionary<uint, int>();
        var before = "";
        foreach (var word in Words(text))
        {
            Add(counts, word);
            Add(counts, before + " " + word);
            for (var start = 0; start + Run < word.Length; start++)
            {
                Add(counts, "-" + word.Substring(start, Run));
            }

            before = word;
        }

        return counts;
    }

    static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune));
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    static void Add(Dictionary<uint, int> counts, string feature)
    {
        var hash = Hash(feature);
        counts[hash] = counts.GetValueOrDefault(hash) + 1;
    }

    /// <summary>FNV-1a over the UTF-8 bytes, then MurmurHash3's finish, without which the low bits of like texts are alike.</summary>
    static uint Hash(string feature)
    {
        var hash = 2166136261u;
        foreach (var one in Encoding.UTF8.GetBytes(feature))
        {
            hash = (hash ^ one) * 16777619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
