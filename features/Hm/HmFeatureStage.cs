using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Hm;

/// <summary>Encodes customers, chooses the items to recommend, and joins every purchase to both.</summary>
/// <param name="itemsBefore">Purchases on or after this day do not count in the choice of items; null if all count.</param>
public sealed class HmFeatureStage(HmFeatureOptions options, DateOnly? itemsBefore) : IStage
{
    public string Name => "features";

    public int Version => 1;

    public object Options { get; } = new { Features = options, ItemsBefore = itemsBefore };

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [HmIngestStage.Articles, HmIngestStage.Customers, HmIngestStage.Transactions];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Users, FeatureArtifacts.Items, FeatureArtifacts.Interactions];

    /// <summary>A user is an id that does not shrink and a few small numbers.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (users, purchases) = (inputs.Of(HmIngestStage.Customers).Rows, inputs.Of(HmIngestStage.Transactions).Rows);
        return [DataSize.Of(users * 66.0, users), DataSize.Of(options.Items * 33.0, options.Items), DataSize.Of(purchases * 4.6, purchases)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var catalogue = ChooseItems(context, cancellation);
        var items = catalogue.Encode();
        items.Write(context.Output(FeatureArtifacts.Items));
        context.Output(FeatureArtifacts.Items).Facts["keys"] = catalogue.KeyCount;
        context.Output(FeatureArtifacts.Items).Facts["mostBought"] = items.Ids[0];

        var customers = new HmCustomers(context.Input(HmIngestStage.Customers));
        var within = Join(context, customers, catalogue, cancellation);
        var output = context.Output(FeatureArtifacts.Users);
        customers.Encode(options.AgeScale, output.Facts).Write(output);
        context.Log($"{customers.Count:N0} customers; {within:N0} of {context.Input(HmIngestStage.Transactions).Manifest.Rows:N0} purchases are of the {items.Count} chosen items.");
        return Task.CompletedTask;
    }

    HmCatalogue ChooseItems(StageContext context, CancellationToken cancellation)
    {
        var catalogue = new HmCatalogue(context.Input(HmIngestStage.Articles), options.ItemKey);
        var firstUnseen = itemsBefore is { } date ? Days.Of(date) : int.MaxValue;
        var input = context.Input(HmIngestStage.Transactions);
        var done = 0L;
        foreach (var rows in TableFiles.Read(input, "t_dat", "article_id"))
        {
            cancellation.ThrowIfCancellationRequested();
            var (days, articles) = (rows.Values<int>("t_dat"), rows.Strings("article_id"));
            for (var row = 0; row < rows.Count; row++)
            {
                catalogue.Add(articles[row], days[row] < firstUnseen);
            }

            Report(context, done += rows.Count, input);
        }

        catalogue.Rank(options.Items);
        return catalogue;
    }

    /// <returns>Purchases within the catalogue.</returns>
    static long Join(StageContext context, HmCustomers customers, HmCatalogue catalogue, CancellationToken cancellation)
    {
        var input = context.Input(HmIngestStage.Transactions);
        var output = context.Output(FeatureArtifacts.Interactions);
        using var writer = new TableWriter(output, Interactions.Schema);
        var (users, items, days) = (writer.Rows.Values<int>("user"), writer.Rows.Values<int>("item"), writer.Rows.Values<int>("day"));
        var (done, within, unknownCustomers, unknownArticles) = (input.Manifest.Rows ?? 0, 0L, 0L, 0L);
        int[] numbers = [];
        foreach (var rows in TableFiles.Read(input, "t_dat", "customer_id", "article_id"))
        {
            cancellation.ThrowIfCancellationRequested();
            var (dates, customerIds, articleIds) = (rows.Values<int>("t_dat"), rows.Strings("customer_id"), rows.Strings("article_id"));
            Array.Resize(ref numbers, Math.Max(numbers.Length, rows.Count));
            customers.Number(customerIds, numbers, context.Threads);
            for (var row = 0; row < rows.Count; row++)
            {
                var item = catalogue.ItemOf(articleIds[row], out var isKnown);
                users.Add(numbers[row]);
                items.Add(item);
                days.Add(dates[row]);
                writer.EndRow();
                within += item < catalogue.Count ? 1 : 0;
                unknownCustomers += numbers[row] >= customers.Known ? 1 : 0;
                unknownArticles += isKnown ? 0 : 1;
            }

            Report(context, done += rows.Count, input);
        }

        writer.Finish();
        output.Facts["withinCatalogue"] = within;
        output.Facts["ofUnknownCustomers"] = unknownCustomers;
        output.Facts["ofUnknownArticles"] = unknownArticles;
        output.Facts["unknownArticles"] = catalogue.UnknownArticles;
        Warn(context, unknownCustomers, input, "customers", "customers.csv");
        Warn(context, unknownArticles, input, "articles", "articles.csv");
        return within;
    }

    /// <summary>A file that is cut between two rows looks whole; that others refer to what it lacks is the only sign.</summary>
    static void Warn(StageContext context, long unknown, InputFolder transactions, string what, string file)
    {
        if (unknown > 0)
        {
            context.Log($"warning: {unknown:N0} of {transactions.Manifest.Rows:N0} purchases are of {what} that {file} does not have. Is that file whole?");
        }
    }

    /// <summary>The transactions are read twice: for the choice of items, and to be joined.</summary>
    static void Report(StageContext context, long read, InputFolder input) =>
        context.Progress(read, Math.Max(read, 2 * (input.Manifest.Rows ?? 0)), "transactions");
}
