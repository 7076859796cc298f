using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>
/// Writes raw files of exactly the form of the real ones at any scale up to theirs and beyond: the same columns, numbers of different values, marginals and
/// skew, with made-up ids and names. Shapes that the code calls measured were measured on a 0.1 % sample of the real customers.
/// </summary>
public sealed class HmSampleStage(HmSampleOptions options) : IStage
{
    public static readonly Artifact Sample = new("generated raw files", "0-raw/sample");

    /// <summary>Visits that share one stream of chance; at any scale the same, so that threads do not show in the bytes.</summary>
    const int ChunkVisits = 4096;

    /// <summary>Chunks that are made at once, per thread: enough that threads seldom wait for each other.</summary>
    const int ChunksPerThread = 4;

    public string Name => "sample";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [];

    public IReadOnlyList<Artifact> Writes => [Sample];

    public bool IsSynthetic => true;

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var bytesOf = new Dictionary<string, long>
        {
            [HmFiles.Articles] = options.Articles * HmFiles.ArticleBytes,
            [HmFiles.Customers] = options.Customers * HmFiles.CustomerBytes,
            [HmFiles.Transactions] = options.Transactions * HmFiles.TransactionBytes,
        };
        return [new DataSize(bytesOf.Values.Sum()) { Counts = bytesOf }];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var output = context.Output(Sample);
        var calendar = new HmSampleCalendar(Random("calendar"));
        var catalogue = new HmSampleCatalogue(options.Articles, Random("articles"));
        HmSampleArticleFile.Write(output.File("articles.csv"), catalogue, Random("article columns"));
        var offers = new HmSampleOffers(catalogue, calendar);
        var customers = new HmSampleCustomers(options.Customers, options.Seed);
        customers.Write(output.File("customers.csv"), offers, calendar, Random("customers"));
        var visits = new HmSampleVisits(customers, calendar, options.Transactions, Random("visits"));
        WriteTransactions(output.File("transactions_train.csv"), new HmSampleBaskets(catalogue, offers, customers, visits), visits, context, cancellation);
        output.Facts["articles"] = options.Articles;
        output.Facts["names"] = catalogue.NameCount;
        output.Facts["customers"] = options.Customers;
        output.Facts["transactions"] = options.Transactions;
        return Task.CompletedTask;

        RandomStream Random(string purpose) => context.Random(options.Seed, $"sample/{purpose}");
    }

    void WriteTransactions(string path, HmSampleBaskets baskets, HmSampleVisits visits, StageContext context, CancellationToken cancellation)
    {
        using var file = Files.Create(path, bufferBytes: 0, isNew: true);
        file.Write("t_dat,customer_id,article_id,price,sales_channel_id\n"u8);
        Utf8Lines[] chunks = [.. Enumerable.Range(0, context.Threads * ChunksPerThread).Select(_ => new Utf8Lines())];
        var threads = new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = cancellation };
        for (var first = 0; first < visits.Count; first += chunks.Length * ChunkVisits)
        {
            Parallel.For(0, chunks.Length, threads, i =>
            {
                var from = first + (i * ChunkVisits);
                var random = context.Random(options.Seed, "sample/baskets", (uint)(from / ChunkVisits));
                baskets.Write(from, Math.Min(from + ChunkVisits, visits.Count), chunks[i], random);
            });
            foreach (var chunk in chunks)
            {
                file.Write(chunk.Kept);
                chunk.Clear();
            }

            context.Progress(Math.Min(first + (chunks.Length * ChunkVisits), visits.Count), visits.Count, "visits");
        }
    }
}
