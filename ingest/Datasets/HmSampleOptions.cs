using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Ingest.Datasets;

/// <summary>The generated raw files, used only where no raw folder is set. The real ones have 1,371,980 customers, 31,788,324 transactions and 105,542 articles.</summary>
public sealed record HmSampleOptions
{
    [Option("Customers, with and without purchases.")]
    [Range(1, 20_000_000)]
    public int Customers { get; init; } = 20_000;

    [Option("Rows of transactions_train.csv; the real files have 23.2 of them per customer.")]
    [Range(1, 1_000_000_000)]
    public int Transactions { get; init; } = 460_000;

    [Option("Articles. By default as many as the real file has, at any number of customers: how purchases spread over articles is then the same at every scale.")]
    [Range(1_000, 1_000_000)]
    public int Articles { get; init; } = 105_542;

    [Option("Seed of the generated files. It is not one of the seeds of the models: all of them train on the same files.")]
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;
}
