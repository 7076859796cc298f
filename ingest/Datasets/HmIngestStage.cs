using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Raw files to three tables: articles, customers and transactions.</summary>
/// <param name="raw">The folder that holds the files; null for the generated sample.</param>
public sealed class HmIngestStage(string? raw, HmIngestOptions options) : IStage
{
    public static readonly Artifact Articles = new("articles", "1-tables/articles");
    public static readonly Artifact Customers = new("customers", "1-tables/customers");
    public static readonly Artifact Transactions = new("transactions", "1-tables/transactions");

    public string Name => "ingest";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<string> RawFolders => raw is null ? [] : [raw];

    public IReadOnlyList<Artifact> Reads => raw is null ? [HmSampleStage.Sample] : [];

    public IReadOnlyList<Artifact> Writes => [Articles, Customers, Transactions];

    public Task RunAsync(StageContext context, CancellationToken cancellation) => throw new NotSupportedException("Reading H&M's files is not built yet.");
}

/// <summary>Options of the ingest stage.</summary>
public sealed record HmIngestOptions;
