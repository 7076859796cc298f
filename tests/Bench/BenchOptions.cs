using System.CommandLine;

namespace Pipeline.Bench;

/// <summary>What every command takes.</summary>
/// <param name="Threads">Of our kernels, and of the peer.</param>
/// <param name="Seconds">For each case, over all rounds.</param>
/// <param name="Rounds">Turns that the cases take.</param>
sealed record BenchOptions(int Threads, double Seconds, int Rounds)
{
    /// <summary>A command that runs one bench, prints its results and, if asked, keeps them.</summary>
    public static Command Command(string name, string description, Func<Setup, Results> run) => Command(name, description, (setup, _) => run(setup));

    /// <inheritdoc cref="Command(string, string, Func{Setup, Results})"/>
    /// <param name="more">Options of this bench alone.</param>
    public static Command Command(string name, string description, Func<Setup, ParseResult, Results> run, params IEnumerable<Option> more)
    {
        var threads = new Option<int>("--threads") { Description = "Threads of ours and of the peer.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var seconds = new Option<double>("--seconds") { Description = "Time for each case.", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "Turns that the cases, and the peer, take.", DefaultValueFactory = _ => 4 };
        var peer = new Option<string?>("--peer") { Description = $"Run the peer in turn with ours: its script. Default: {Peer.DefaultScript}.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One object a row, nothing else." };
        var save = new Option<bool>("--save") { Description = $"Keep the results in {Output.Folder}." };
        var command = new Command(name, description) { threads, seconds, rounds, peer, json, save };
        foreach (var option in more)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var options = new BenchOptions(parsed.GetRequiredValue(threads), parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(rounds));
            var results = run(new Setup(options, parsed.GetResult(peer) is null ? null : Peer.Find(parsed.GetValue(peer), options.Threads)), parsed);
            Output.Print(results, parsed.GetValue(json));
            if (parsed.GetValue(save))
            {
                Output.Save(name, results);
            }
        });
        return command;
    }
}

/// <summary>What a bench is given.</summary>
sealed record Setup(BenchOptions Options, Peer? Peer)
{
    /// <summary>What the machine can do with so many threads, measured now.</summary>
    public Ceiling Ceiling { get; } = Ceiling.Measure(Options.Threads);

    public Neighbours Neighbours { get; } = new();
}
