using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>What every list must obey before anyone is given it.</summary>
public static class ListCheck
{
    /// <param name="where">Which list, for the message: "4-topk/mamba: the list of user 'jazz'".</param>
    /// <param name="items">Whatever tells items apart, best first.</param>
    /// <exception cref="PipelineException">An item occurs twice, or scores increase.</exception>
    public static void Require<T>(string where, ReadOnlySpan<T> items, ReadOnlySpan<float> scores)
        where T : notnull
    {
        var seen = new HashSet<T>();
        for (var i = 0; i < items.Length; i++)
        {
            if (!seen.Add(items[i]))
            {
                throw Failed(where, $"holds item '{items[i]}' twice; every item may occur once");
            }

            if (i > 0 && scores[i] > scores[i - 1])
            {
                throw Failed(where, $"has the score {Text(scores[i])} at rank {i + 1} after {Text(scores[i - 1])}; scores must not increase");
            }
        }
    }

    internal static PipelineException Failed(string where, string what) => new(ExitCode.CheckFailed, $"{where} {what}.");

    static string Text(float score) => score.ToString(CultureInfo.InvariantCulture);
}
