using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Raw files to three tables: articles, customers and transactions.</summary>
/// <remarks>
/// The columns have the names and the order of <see cref="HmFiles"/>; a column that the file lacks, and need not have, is not in the table.
/// Ids are texts with all their zeros; days are dates; a price is the double nearest to the decimal number; an empty cell is a null.
/// </remarks>
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

    /// <summary>
    /// A table is so large a part of its plain file: ids of customers and postal codes hardly shrink, and of the transactions nearly every
    /// row of a day has another customer; of a few customers they take half of this. Compressed files are taken to be as well packed as real ones.
    /// </summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var files = raw is null ? inputs.Of(HmSampleStage.Sample) : inputs.Raw;
        return
        [
            Table(HmFiles.Articles, packed: 10, part: 0.15, HmFiles.ArticleBytes),
            Table(HmFiles.Customers, packed: 2, part: 0.82, HmFiles.CustomerBytes),
            Table(HmFiles.Transactions, packed: 6.3, part: 0.215, HmFiles.TransactionBytes),
        ];

        DataSize Table(string file, double packed, double part, long bytesOfRow)
        {
            var plain = files.Count(file) + (packed * files.Count(file + CsvStream.Compressed));
            return DataSize.Of(plain * part, plain / bytesOfRow);
        }
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var reader = new HmTableReader(context, raw ?? context.Input(HmSampleStage.Sample).Path, options);
        reader.Read(HmFiles.Articles, HmFiles.ArticleColumns, context.Output(Articles), cancellation);
        reader.Read(HmFiles.Customers, HmFiles.CustomerColumns, context.Output(Customers), cancellation);
        reader.Read(HmFiles.Transactions, HmFiles.TransactionColumns, context.Output(Transactions), cancellation);
        return Task.CompletedTask;
    }
}
