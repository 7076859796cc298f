namespace Pipeline.Unit.Faults;

/// <summary>Every command that writes, and the world that it is let loose on.</summary>
static class AllSweptCommands
{
    const string Longer = "datasets.spotify.training.steps=7", Raw = "datasets.spotify.raw=raw";

    static readonly string[] FirstNight = ["run", "spotify", "--set", Raw], SecondNight = [.. FirstNight, "--set", Longer];

    public static IReadOnlyList<SweptCommand> List { get; } =
    [
        new("first night", [], FirstNight, _ => FirstNight),
        new("second night", [FirstNight], SecondNight, _ => SecondNight),
        new("the same by force", [FirstNight], ["run", "spotify", "--force", "--set", Raw], _ => FirstNight),
        new("back to earlier options", [FirstNight, SecondNight], FirstNight, _ => FirstNight),
        new("publish", [FirstNight], ["publish", "spotify", "--set", Raw], _ => ["publish", "spotify", "--set", Raw]),
        new("rollback", [FirstNight, SecondNight], ["rollback", "spotify"], world => ["rollback", "spotify", "--to", First(world)]),
        new("release", [FirstNight, SecondNight, ["rollback", "spotify"]], ["rollback", "spotify", "--release"], _ => ["rollback", "spotify", "--release"]),
        new("prune", [FirstNight, SecondNight], ["prune", "--set", Raw, "--set", Longer], _ => ["prune", "--set", Raw, "--set", Longer]),
    ];

    /// <summary>A data root with nothing in it, and raw files beside it.</summary>
    public static SweptWorld Make()
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
