using System.Text.Json;
using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>
/// How often each item is liked by the test users, and how often a tower would recommend it, if each user got as many items as that
/// user likes: whether a model gives every item its due.
/// </summary>
/// <remarks>Figure 5 of the paper. On disk item-likes.json beside the lists of the test users, since it looks further down than those.</remarks>
/// <param name="Actual">By item.</param>
/// <param name="Predicted">By item.</param>
public sealed record LikedItems(long[] Actual, long[] Predicted)
{
    const string FileName = "item-likes.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="lists">Of the test users, as long as the most likes of one of them, or as what that user may be given.</param>
    internal static LikedItems Of(TestUsers test, GivenLists lists, int itemCount)
    {
        var (actual, predicted) = (new long[itemCount], new long[itemCount]);
        var (chosen, scores) = (new int[lists.Length], new float[lists.Length]);
        for (var user = 0; user < test.Count; user++)
        {
            var liked = test.Relevant[user];
            foreach (var item in liked)
            {
                actual[item]++;
            }

            var entries = lists.Fill(user, chosen, scores);
            foreach (var item in chosen.AsSpan(0, Math.Min(liked.Length, entries)))
            {
                predicted[item]++;
            }
        }

        return new LikedItems(actual, predicted);
    }

    public void Write(OutputFolder output) => Files.WriteAllBytes(output.File(FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <exception cref="PipelineException">The file is missing or damaged.</exception>
    public static LikedItems Read(InputFolder input) => Read(input.Path);

    /// <param name="folder">Of the lists of the test users.</param>
    /// <exception cref="PipelineException">The file is missing or damaged.</exception>
    public static LikedItems Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<LikedItems>(Files.ReadAllBytes(file), Json) ?? throw new JsonException("It holds nothing.");
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"{file}: {error.Message} `pipeline verify` finds damaged files; `pipeline run --force` makes them anew.", error);
        }
    }
}
