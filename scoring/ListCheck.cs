using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>What every list must obey before anyone is given it. One check serves many lists, one at a time, and makes no object for a sound one.</summary>
/// <param name="itemIds">By item, for messages.</param>
public sealed class ListCheck(IReadOnlyList<string> itemIds)
{
    // By item: the last list it was seen in.
    readonly int[] seenIn = new int[itemIds.Count];
    int list;

    /// <summary>Looks at one list.</summary>
    /// <param name="items">Best first.</param>
    /// <returns>What is wrong, as the end of a sentence ("holds item 'x' twice; ..."): an item occurs twice, or scores increase. Null if nothing is.</returns>
    public string? Fault(ReadOnlySpan<int> items, ReadOnlySpan<float> scores)
    {
        list++;
        for (var i = 0; i < items.Length; i++)
        {
            if (seenIn[items[i]] == list)
            {
                return $"holds item '{itemIds[items[i]]}' twice; every item may occur once";
            }

            if (i > 0 && scores[i] > scores[i - 1])
            {
                return $"has the score {Text(scores[i])} at rank {i + 1} after {Text(scores[i - 1])}; scores must not increase";
            }

            seenIn[items[i]] = list;
        }

        return null;
    }

    internal static PipelineException Failed(string where, string what) => new(ExitCode.CheckFailed, $"{where} {what}.");

    static string Text(float score) => score.ToString(CultureInfo.InvariantCulture);
}
