using System.CommandLine;
using Pipeline.Models;

namespace Pipeline.Host.Commands;

/// <summary>The options that every verb takes.</summary>
sealed class CommonOptions
{
    readonly Option<string?> data = new("--data")
    {
        Description = "Folder that holds all data. Default: 'data' of pipeline.json.",
        HelpName = "DIR",
        Recursive = true,
    };

    public const string Config = "--config";

    readonly Option<string?> config = new(Config)
    {
        Description = "Configuration file. Default: pipeline.json in the current folder; without one, all defaults.",
        HelpName = "FILE",
        Recursive = true,
    };

    readonly Option<string[]> set = new("--set")
    {
        Description = "Override one option, as in --set datasets.spotify.raw=DIR. May be repeated.",
        HelpName = "path=value",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
    };

    readonly Option<int?> threads = Arguments.Count("--threads", "Threads to use; never changes results. Default: 'threads' of pipeline.json, else all cores.", PipelineConfiguration.MostThreads);

    readonly Option<bool> json = new("--json") { Description = "One JSON document on standard output, nothing else.", Recursive = true };

    readonly Option<bool> quiet = new("--quiet") { Description = "No progress and no notes on standard error.", Recursive = true };

    readonly AdditionOptions additions = new();

    public CommonOptions()
    {
        threads.Recursive = true;
        data.Validators.Add(Arguments.IsNotEmpty("a folder"));
        config.Validators.Add(Arguments.IsNotEmpty("a file"));
    }

    public void AddTo(RootCommand root)
    {
        foreach (var option in (IEnumerable<Option>)[data, config, set, threads, json, quiet, .. additions.List])
        {
            root.Add(option);
        }
    }

    public CommonValues Read(ParseResult parsed) => new()
    {
        Engine = additions.Read(parsed),
        Data = parsed.GetValue(data),
        Config = parsed.GetValue(config),
        Overrides = parsed.GetValue(set) ?? [],
        Threads = parsed.GetValue(threads),
        IsJson = parsed.GetValue(json),
        IsQuiet = parsed.GetValue(quiet),
    };
}

/// <summary>What the common options were given.</summary>
sealed record CommonValues
{
    public string? Data { get; init; }

    public string? Config { get; init; }

    /// <summary>"path=value", in the order of the command line.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    public int? Threads { get; init; }

    /// <summary>What models are trained on; null for our own kernels.</summary>
    public IEngine? Engine { get; init; }

    public bool IsJson { get; init; }

    public bool IsQuiet { get; init; }
}
