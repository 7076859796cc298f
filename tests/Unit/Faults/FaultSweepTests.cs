using Xunit.Abstractions;

namespace Pipeline.Unit.Faults;

/// <summary>Every file operation of every command that writes, failing once in every way.</summary>
public sealed class FaultSweepTests(ITestOutputHelper output)
{
    const string Longer = "datasets.spotify.training.steps=7", Raw = "datasets.spotify.raw=raw";

    static readonly string[] FirstNight = ["run", "spotify", "--set", Raw], SecondNight = [.. FirstNight, "--set", Longer];

    static readonly Dictionary<string, SweptCommand> Commands = new SweptCommand[]
    {
        new("first night", [], FirstNight, _ => FirstNight),
        new("second night", [FirstNight], SecondNight, _ => SecondNight),
        new("the same by force", [FirstNight], ["run", "spotify", "--force", "--set", Raw], _ => FirstNight),
        new("back to earlier options", [FirstNight, SecondNight], FirstNight, _ => FirstNight),
        new("publish", [FirstNight], ["publish", "spotify", "--set", Raw], _ => ["publish", "spotify", "--set", Raw]),
        new("rollback", [FirstNight, SecondNight], ["rollback", "spotify"], world => ["rollback", "spotify", "--to", First(world)]),
        new("release", [FirstNight, SecondNight, ["rollback", "spotify"]], ["rollback", "spotify", "--release"], _ => ["rollback", "spotify", "--release"]),
        new("prune", [FirstNight, SecondNight], ["prune", "--set", Raw, "--set", Longer], _ => ["prune", "--set", Raw, "--set", Longer]),
    }.ToDictionary(command => command.Name);

    public static TheoryData<string> Names => [.. Commands.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_operation_fails_the_old_or_the_new_state_is_there_and_the_remedy_leads_to_the_new(string name)
    {
        using var sweep = new FaultSweep(Commands[name], Make);
        var wrong = new List<string>();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var count = sweep.Count(kind);
            Assert.NotEqual(0, count);
            output.WriteLine($"{name}, {kind}: {count} operations");
            for (var at = 1; at <= count; at++)
            {
                wrong.AddRange(sweep.Try(kind, at));
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} findings:\n{string.Join('\n', wrong.Take(40))}");
    }

    static SweptWorld Make()
    {
        var world = new SweptWorld([new SweptPipeline()]);
        Directory.CreateDirectory(Path.Combine(world.Folder, "raw"));
        File.WriteAllText(Path.Combine(world.Folder, "raw", "songs.csv"), "id\n1\n");
        return world;
    }

    /// <summary>The generation that the first night published.</summary>
    static string First(SweptWorld world)
    {
        var ledger = File.ReadLines(Path.Combine(world.Data, "ledger.jsonl")).First(line => line.Contains("\"event\":\"published\"", StringComparison.Ordinal));
        return System.Text.Json.JsonDocument.Parse(ledger).RootElement.GetProperty("generations").GetProperty("4-topk/mamba").GetString()!;
    }
}
