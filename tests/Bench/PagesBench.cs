using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Bench;

/// <summary>
/// The dashboard's pages about runs, asked one after another of a server in a process of its own, for three lengths of history. The history is one real
/// run, written into the ledger again and again under other names.
/// </summary>
static partial class PagesBench
{
    static readonly string[] Small =
    [
        "datasets.spotify.pairs.train=64", "datasets.spotify.pairs.validation=16", "datasets.spotify.pairs.testUsers=20", "datasets.spotify.report.resamples=100",
        "datasets.spotify.training.steps=4", "datasets.spotify.training.batch=8", "towers.mamba.layers=1", "towers.transformer.layers=1",
    ];

    public static Command Command()
    {
        var runs = new Option<int>("--runs") { Description = "Of the longest history; the others have a tenth and a hundredth.", DefaultValueFactory = _ => 10_000 };
        return BenchOptions.Command(
            "pages", "The dashboard's pages about runs, with a long history.", (setup, parsed) => Run(setup, parsed.GetRequiredValue(runs)), runs);
    }

    static Results Run(Setup setup, int runs)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-");
        try
        {
            using (var night = Start(folder.FullName, ["run", "spotify", "--quiet", .. Small.SelectMany(setting => (IEnumerable<string>)["--set", setting])]))
            {
                night.StandardOutput.ReadToEnd();
                night.WaitForExit();
            }

            var ledger = Path.Combine(folder.FullName, "data", "ledger.jsonl");
            var one = File.ReadAllLines(ledger);
            return Results.Of(
                setup, new[] { runs / 100, runs / 10, runs }.SelectMany(count => Measure(setup, folder.FullName, ledger, one, count)),
                "Page and runs in the ledger; answers in turn, the first one warms up. The first request after a start reads the ledger: firstMs.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static List<Row> Measure(Setup setup, string folder, string ledger, IReadOnlyList<string> one, int count)
    {
        var name = RunName().Match(one[0]).Value;
        File.WriteAllLines(ledger, Enumerable.Range(0, count).SelectMany(run => one.Select(line => line.Replace(name, NameOf(run), StringComparison.Ordinal))));
        var middle = NameOf(count / 2);
        using var server = Start(folder, ["serve", "--urls", "http://127.0.0.1:0", "--quiet", "--json"]);
        try
        {
            var reader = server.StandardOutput;
            using var client = new HttpClient { BaseAddress = AddressIn(reader) };
            string[] pages = ["/", "/runs", $"/runs?page={Math.Max(1, count / 100)}", $"/runs/{middle}", "/grid?dataset=spotify", "/lineage?dataset=spotify", "/trends", "/metrics"];
            var first = Ask(client, pages[1]);
            foreach (var page in pages)
            {
                Ask(client, page);
            }

            var times = pages.ToDictionary(page => page, _ => new List<double>(), StringComparer.Ordinal);
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < setup.Options.Seconds * pages.Length)
            {
                foreach (var page in pages)
                {
                    times[page].Add(Ask(client, page));
                }
            }

            server.Refresh();
            var (megabytes, ledgerMegabytes) = (server.WorkingSet64 / 1e6, new FileInfo(ledger).Length / 1e6);
            return
            [
                .. pages.Select(page => new Row(
                    $"{page.Replace(middle, "RUN", StringComparison.Ordinal)} {count}", Case.Middle(times[page]), null, null,
                    new("p95Ms", times[page].Order().ElementAt(times[page].Count * 95 / 100)), new("firstMs", page == pages[1] ? first : double.NaN),
                    new("serverMB", megabytes), new("ledgerMB", ledgerMegabytes))),
            ];
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    }

    static string NameOf(int run) => string.Create(CultureInfo.InvariantCulture, $"20200101-000000-{run:000000}");

    static double Ask(HttpClient client, string page)
    {
        var start = Stopwatch.GetTimestamp();
        client.GetStringAsync(new Uri(page, UriKind.Relative)).GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The address is said in JSON when the server listens.</summary>
    static Uri AddressIn(StreamReader output)
    {
        var text = "";
        while (output.ReadLine() is { } line)
        {
            text += line;
            if (line.StartsWith('}') || (line.StartsWith('{') && line.EndsWith('}')))
            {
                return new Uri(JsonDocument.Parse(text).RootElement.GetProperty("url").GetString()!);
            }
        }

        throw new InvalidOperationException($"The server ended before it listened: {text}");
    }

    static Process Start(string folder, IReadOnlyList<string> arguments) => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipeline"), arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
    })!;

    [GeneratedRegex("(?<=\"run\":\")[0-9-]+")]
    private static partial Regex RunName();
}
