using System.Security.Cryptography;
using System.Text;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

sealed record ToyOptions
{
    public int Steps { get; init; } = 5000;

    public string Label { get; init; } = "a";
}

/// <summary>Writes into each output one file that depends on its name, options, seed and inputs, so that any difference shows in the bytes.</summary>
sealed class ToyStage(string name, string[] reads, string[] writes) : IStage
{
    public string Name => name;

    public int Version { get; set; } = 1;

    public ToyOptions Toy { get; set; } = new();

    /// <summary>Options of another shape; null for <see cref="Toy"/>.</summary>
    public object? Given { get; set; }

    public object Options => Given ?? Toy;

    public SeedScope Seeds { get; init; }

    public IReadOnlyList<string> RawFolders { get; init; } = [];

    public IReadOnlyList<Artifact> Reads { get; } = [.. reads.Select(folder => new Artifact(folder, folder))];

    public IReadOnlyList<Artifact> Writes { get; } = [.. writes.Select(folder => new Artifact(folder, folder))];

    public IReadOnlyList<Artifact> Publishes => [.. PublishedFolders.Select(folder => new Artifact(folder, folder))];

    public string[] PublishedFolders { get; init; } = [];

    public bool IsSynthetic { get; init; }

    public bool IsResumable { get; init; }

    public int SeedsAtOnce { get; init; } = 1;

    /// <summary>What the stage says of its size; nothing unless a test sets it.</summary>
    public Func<InputSizes, DataSize>? Estimate { get; set; }

    public int TimesAtPeak { get; set; } = 1;

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs) => Estimate is null ? [] : [.. Writes.Select(_ => Estimate(inputs))];

    /// <summary>Runs after the outputs are written.</summary>
    public Action<StageContext, CancellationToken>? Then { get; set; }

    public int Calls { get; private set; }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        Calls++;
        foreach (var artifact in Writes)
        {
            if (Seeds == SeedScope.Each)
            {
                foreach (var seed in context.Seeds)
                    Write(context, context.Output(artifact, seed), [seed]);
            }
            else
            {
                Write(context, context.Output(artifact), context.Seeds);
            }
        }

        Then?.Invoke(context, cancellation);
        return Task.CompletedTask;
    }

    void Write(StageContext context, OutputFolder output, IReadOnlyList<int> seeds)
    {
        var text = new StringBuilder($"{Name} {Version} {Toy} {string.Join(',', seeds)}\n");
        foreach (var raw in RawFolders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
            text.Append(Convert.ToHexString(SHA256.HashData(Files.ReadAllBytes(raw)))).Append('\n');
        foreach (var artifact in Reads)
        {
            var inputs = seeds.Where(seed => Has(context, artifact, seed)).Select(seed => context.Input(artifact, seed)).DefaultIfEmpty(null);
            foreach (var input in inputs)
                text.Append(Convert.ToHexString(SHA256.HashData(Files.ReadAllBytes((input ?? context.Input(artifact)).File("out.txt"))))).Append('\n');
        }

        Files.WriteAllText(output.File("out.txt"), text.ToString());
    }

    static bool Has(StageContext context, Artifact artifact, int seed)
    {
        try
        {
            _ = context.Input(artifact, seed);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
