using System.Globalization;

namespace Pipeline.Scoring;

/// <summary>The values that the paper prints, to stand beside ours.</summary>
/// <remarks>
/// Source: Starnes and Webster, "Mamba for Scalable and Efficient Personalized Recommendations", tables I and II; MAP@12 from its text.
/// The six vaccine settings are users' clusters x messages.
/// </remarks>
public static class PrintedTables
{
    static readonly string[] Metrics = ["P@5", "P@10", "R@5", "R@10", "MRR@5", "MRR@10", "HR@1", "HR@5", "HR@10", "MAP@12"];

    /// <summary>Dataset, tower, then the metrics in the order above; a dash is not printed.</summary>
    const string Rows = """
        spotify mamba 0.952 0.906 0.374 0.671 0.985 0.985 0.977 0.996 0.998 -
        spotify transformer 0.803 0.759 0.303 0.551 0.882 0.887 0.841 0.949 0.983 -
        hm mamba 0.1566 0.1283 0.1207 0.1979 0.3335 0.3569 0.2155 0.5567 0.7326 0.0342
        hm transformer 0.1584 0.1279 0.1223 0.1974 0.3416 0.3646 0.226 0.5609 0.7341 0.0335
        vaccine-25x25 mamba 0.1794 0.0977 0.897 0.977 0.6738 0.6848 0.5351 0.897 0.977 -
        vaccine-25x25 transformer 0.1362 0.0912 0.681 0.9119 0.3925 0.4236 0.2355 0.681 0.9119 -
        vaccine-25x50 mamba 0.2597 0.1718 0.6269 0.8219 0.4823 0.5033 0.3719 0.6939 0.8498 -
        vaccine-25x50 transformer 0.1733 0.1366 0.4212 0.6558 0.3167 0.3448 0.2159 0.5129 0.7241 -
        vaccine-25x100 mamba 0.2592 0.22 0.2939 0.4822 0.3779 0.3985 0.2945 0.5296 0.6856 -
        vaccine-25x100 transformer 0.1536 0.14 0.1896 0.3286 0.2519 0.2733 0.1725 0.4042 0.5664 -
        vaccine-50x50 mamba 0.1046 0.0729 0.523 0.7288 0.2986 0.3262 0.1801 0.523 0.7288 -
        vaccine-50x50 transformer 0.0508 0.0463 0.254 0.4629 0.121 0.1481 0.0568 0.254 0.4629 -
        vaccine-50x100 mamba 0.0884 0.076 0.1843 0.3187 0.1705 0.189 0.1106 0.2863 0.4272 -
        vaccine-50x100 transformer 0.0498 0.0471 0.1187 0.2275 0.0997 0.1179 0.0512 0.1957 0.3354 -
        vaccine-100x100 mamba 0.0256 0.0224 0.1281 0.2245 0.0638 0.0763 0.0323 0.1281 0.2245 -
        vaccine-100x100 transformer 0.0176 0.016 0.0878 0.1595 0.0425 0.0517 0.0204 0.0878 0.1595 -
        """;

    static readonly Dictionary<(string Dataset, string List, string Metric), double> Values = Parse();

    /// <summary>Places after the point with which the paper prints a dataset; 4 for one that it does not print.</summary>
    public static int Decimals(string dataset) => dataset == "spotify" ? 3 : 4;

    /// <summary>True if the paper prints that metric for a dataset.</summary>
    /// <param name="metric">"P@5".</param>
    public static bool Prints(string dataset, string metric) => Values.Keys.Any(key => key.Dataset == dataset && key.Metric == metric);

    /// <param name="metric">"P@5".</param>
    /// <returns>Null where the paper prints none.</returns>
    public static double? Find(string dataset, string list, string metric) => Values.TryGetValue((dataset, list, metric), out var value) ? value : null;

    /// <summary>All printed values of a list, by metric; empty where the paper prints none.</summary>
    public static IReadOnlyList<(string Metric, double Value)> Of(string dataset, string list) =>
        [.. Metrics.Select(metric => (metric, Find(dataset, list, metric))).Where(row => row.Item2 is not null).Select(row => (row.metric, row.Item2!.Value))];

    static Dictionary<(string Dataset, string List, string Metric), double> Parse()
    {
        var values = new Dictionary<(string, string, string), double>();
        foreach (var row in Rows.Split('\n'))
        {
            var cells = row.TrimEnd('\r').Split(' ');
            for (var i = 0; i < Metrics.Length; i++)
            {
                if (cells[i + 2] != "-")
                {
                    values.Add((cells[0], cells[1], Metrics[i]), double.Parse(cells[i + 2], CultureInfo.InvariantCulture));
                }
            }
        }

        return values;
    }
}
