using System.Globalization;
using System.Text;

namespace Pipeline.Host.Dashboard.Probes;

/// <summary>Writes Prometheus' text format, version 0.0.4.</summary>
sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder text = new();

    /// <summary>One metric with all its samples; nothing if it has none.</summary>
    /// <param name="help">One sentence.</param>
    public void Gauge(string name, string help, params IEnumerable<(IReadOnlyList<(string Name, string Value)> Labels, double Value)> samples)
    {
        var isFirst = true;
        foreach (var (labels, value) in samples)
        {
            if (isFirst)
            {
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(help, isLabel: false)}\n# TYPE {name} gauge\n");
                isFirst = false;
            }

            text.Append(name).Append(Labels(labels)).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    /// <summary>A metric of one sample.</summary>
    public void Gauge(string name, string help, double value) => Gauge(name, help, ([], value));

    public override string ToString() => text.ToString();

    static string Labels(IReadOnlyList<(string Name, string Value)> labels) => labels.Count == 0
        ? ""
        : $"{{{string.Join(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Value, isLabel: true)}\""))}}}";

    static string Escaped(string value, bool isLabel)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
