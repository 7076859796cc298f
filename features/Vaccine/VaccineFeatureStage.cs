using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Vaccine;

/// <summary>Encodes the users, and embeds the messages unless they came with embeddings.</summary>
/// <remarks>A user is an age with mean 0 and deviation 1, and the categories; a value's number is its place in ordinal order.</remarks>
public sealed class VaccineFeatureStage : IStage
{
    public static readonly Artifact Messages = new("messages and their embeddings", "2-features/messages");

    public string Name => "features";

    public int Version => 1;

    public object Options { get; } = new { };

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [VaccineIngestStage.Users, VaccineIngestStage.Messages];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Users, Messages];

    /// <summary>Categories take as much room as words that repeat; an embedding of ours has 384 numbers, of which most differ.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var messages = inputs.Of(VaccineIngestStage.Messages);
        return
        [
            inputs.Of(VaccineIngestStage.Users),
            DataSize.Of(messages.Bytes + (messages.Count(VaccineFiles.NpyEmbeddings) == 0 ? messages.Rows * 1_400.0 : 0), messages.Rows),
        ];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        EncodeUsers(TableFiles.ReadAll(context.Input(VaccineIngestStage.Users)), context.Output(FeatureArtifacts.Users));
        var input = context.Input(VaccineIngestStage.Messages);
        var rows = TableFiles.ReadAll(input);
        var given = VaccineEmbeddings.Find(input);
        var messages = new Messages([.. new TextColumn(rows.Strings("id"))], [.. new TextColumn(rows.Strings("message"))], given);
        var output = context.Output(Messages);
        messages.Write(output);
        output.Facts["messages"] = messages.Ids.Count;
        output.Facts["embedding"] = given is null ? "built in" : "given";
        output.Facts["embeddingWidth"] = messages.Embeddings.Columns;
        return Task.CompletedTask;
    }

    static void EncodeUsers(RowGroup rows, OutputFolder output)
    {
        var ages = rows.Values<int>("age").Values.ToArray();
        var (mean, deviation) = Moments.Of(ages);
        string[] names = [.. VaccineFiles.Categories];
        var categories = new int[rows.Count * names.Length];
        List<CategoryFeature> features = [];
        for (var q = 0; q < names.Length; q++)
        {
            var texts = new TextColumn(rows.Strings(names[q]));
            string[] values = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            var numberOf = values.Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal);
            for (var row = 0; row < rows.Count; row++)
            {
                categories[(row * names.Length) + q] = numberOf[texts[row]];
            }

            features.Add(new CategoryFeature(names[q], values.Length));
            output.Facts[$"values of {names[q]}"] = string.Join(", ", values);
        }

        float[] numeric = [.. ages.Select(age => (float)((age - mean) / (deviation > 0 ? deviation : 1)))];
        new EncodedTable(new FeatureSpec(["age"], features), new TextColumn(rows.Strings("id")), names: null, numeric, categories).Write(output);
        output.Facts["ageMean"] = mean;
        output.Facts["ageDeviation"] = deviation;
    }
}
