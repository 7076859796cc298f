using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Bench;

/// <summary>The same models in PyTorch, run by a script that lies outside the project.</summary>
/// <remarks>Its Mamba is the best effort known: a backward written by hand and the convolution as shifted products.</remarks>
sealed class Peer
{
    public const string DefaultScript = "../shared/bench/peer.sh";

    readonly string script;
    readonly int threads;
    readonly Dictionary<string, List<double>> times = new(StringComparer.Ordinal);

    Peer(string script, int threads)
    {
        (this.script, this.threads) = (script, threads);
        var versions = Versions();
        Description = $"{versions}, {threads} threads, OpenBLAS with OpenMP and its own choice of kernels, Mamba with --scans af --conv shift";
    }

    public string Description { get; }

    /// <summary>The peer, or null with one line of why not.</summary>
    /// <param name="file">The script; null for the default, seen from the project's folder.</param>
    public static Peer? Find(string? file, int threads)
    {
        var script = Path.GetFullPath(file ?? Path.Combine(Output.Root(), DefaultScript));
        if (File.Exists(script))
        {
            return new Peer(script, threads);
        }

        Console.Error.WriteLine($"No peer: there is no {file ?? DefaultScript}. --peer FILE names its script.");
        return null;
    }

    /// <summary>Runs one command of the peer and keeps the time of each of its cases.</summary>
    /// <param name="read">Name and milliseconds of a case.</param>
    public void Run(string command, double seconds, string[] arguments, Func<JsonNode, (string Name, double Ms)> read)
    {
        var file = Path.GetTempFileName();
        try
        {
            Start(script, [command, "--threads", $"{threads}", "--budget", seconds.ToString(CultureInfo.InvariantCulture), "--json", file, .. arguments]);
            foreach (var line in File.ReadLines(file))
            {
                // Python writes NaN, which JSON has not.
                var (name, ms) = read(JsonNode.Parse(line.Replace(": NaN", ": null", StringComparison.Ordinal))!);
                if (!times.TryGetValue(name, out var list))
                {
                    times.Add(name, list = []);
                }

                list.Add(ms);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The median over the rounds, or null if the peer has no such case.</summary>
    public double? Ms(string name) => times.TryGetValue(name, out var list) ? Case.Middle(list) : null;

    /// <summary>Runs a program that prints a JSON object a line.</summary>
    public static IReadOnlyList<JsonNode> Lines(string file, string[] arguments) =>
        [.. Start(file, arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    static string Versions() => Start(
        "/usr/bin/python3", ["-c", "import torch; print('PyTorch', torch.__version__)\ntry:\n import faiss; print(', FAISS', faiss.__version__)\nexcept ImportError: pass"])
        .ReplaceLineEndings("").Trim();

    static string Start(string file, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
