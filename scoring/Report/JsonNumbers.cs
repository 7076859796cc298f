using System.Text.Json;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>How metrics.json writes numbers: one that does not exist is null.</summary>
static class JsonNumbers
{
    /// <summary>Members value, low and high of the open object.</summary>
    public static void WriteInterval(this Utf8JsonWriter json, Interval interval)
    {
        json.WriteFinite("value", interval.Value);
        json.WriteFinite("low", interval.Low);
        json.WriteFinite("high", interval.High);
    }

    public static void WriteFinite(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteAll(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
