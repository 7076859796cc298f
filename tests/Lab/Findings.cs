using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Lab;

/// <summary>What an attack found, by kind. Every finding is told on standard error once; the counts are the result.</summary>
/// <param name="kinds">In the order of printing.</param>
sealed class Findings(params IReadOnlyList<string> kinds)
{
    const int Told = 50;

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Lock gate = new();
    readonly HashSet<(string Kind, string Text)> known = [];

    public IReadOnlyList<string> Kinds => kinds;

    public int Total
    {
        get
        {
            lock (gate)
            {
                return known.Count;
            }
        }
    }

    public int Count(string kind)
    {
        lock (gate)
        {
            return known.Count(finding => finding.Kind == kind);
        }
    }

    /// <summary>Notes a finding; the same one counts once.</summary>
    public void Add(string kind, string text)
    {
        lock (gate)
        {
            if (known.Add((kind, text)) && known.Count <= Told)
            {
                Console.Error.WriteLine($"{kind.ToUpperInvariant()}: {text}");
            }
        }
    }

    /// <summary>Prints the counts and says how the process ends.</summary>
    /// <param name="before">Named numbers that come first.</param>
    /// <returns>0 if nothing was found, else 1.</returns>
    public int Print(bool isJson, int seed, params IReadOnlyList<(string Name, long Value)> before)
    {
        var json = new JsonObject();
        foreach (var (name, value) in before)
        {
            json[name] = value;
        }

        foreach (var kind in kinds)
        {
            json[kind] = Count(kind);
        }

        json["seed"] = seed;
        Console.WriteLine(isJson ? json.ToJsonString(Relaxed) : string.Join("  ", json.Select(entry => $"{entry.Key} {entry.Value}")));
        return Total == 0 ? 0 : 1;
    }
}
