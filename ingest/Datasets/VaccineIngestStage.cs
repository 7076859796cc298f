using Pipeline.Ingest.Csv;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Raw users, messages and, where there are any, embeddings made elsewhere, to tables.</summary>
/// <param name="raw">The folder that holds users.csv and messages.csv; null for the generated population.</param>
public sealed class VaccineIngestStage(string? raw) : IStage
{
    public static readonly Artifact Users = new("users", "1-tables/users");
    public static readonly Artifact Messages = new("messages", "1-tables/messages");

    static readonly TableSchema MessageSchema = new(new("id", ColumnType.String), new("message", ColumnType.String));

    public string Name => "ingest";

    public int Version => 1;

    public object Options { get; } = new { };

    public SeedScope Seeds => SeedScope.None;

    public string? RawOption => "datasets.vaccine.raw";

    public IReadOnlyList<string> RawFolders => raw is null ? [] : [raw];

    public IReadOnlyList<Artifact> Reads => raw is null ? [VaccineSampleStage.Sample] : [];

    public IReadOnlyList<Artifact> Writes => [Users, Messages];

    /// <summary>Users are mostly words that repeat, messages are not; embeddings stay as they are.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var files = raw is null ? inputs.Of(VaccineSampleStage.Sample) : inputs.Raw;
        var (users, messages, embeddings) = (files.Count(VaccineFiles.Users), files.Count(VaccineFiles.Messages), files.Count(VaccineFiles.NpyEmbeddings) + files.Count(VaccineFiles.ParquetEmbeddings));
        return
        [
            DataSize.Of(users * 0.1, users / 83.0),
            DataSize.Of((messages * 0.8) + embeddings, messages / 92.0) with { Counts = new Dictionary<string, long> { [VaccineFiles.NpyEmbeddings] = embeddings } },
        ];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var folder = raw ?? context.Input(VaccineSampleStage.Sample).Path;
        WriteUsers(folder, context.Output(Users), cancellation);
        var messages = WriteMessages(folder, context.Output(Messages));
        VaccineEmbeddings.Copy(folder, messages, context.Output(Messages));
        return Task.CompletedTask;
    }

    static void WriteUsers(string folder, OutputFolder output, CancellationToken cancellation)
    {
        string[] categories = [.. VaccineFiles.Categories];
        using var file = new CsvFile(folder, VaccineFiles.Users, ["id", "age", .. categories]);
        using var writer = new TableWriter(
            output,
            new TableSchema([new("id", ColumnType.String), new("age", ColumnType.Int32), .. categories.Select(name => new Column(name, ColumnType.String))]));
        var seen = new TextSet(VaccineFiles.Users, "user");
        while (file.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            seen.Add(file.Text(0), file.LineNumber);
            writer.Rows.Strings("id").Add(file.Bytes(0));
            writer.Rows.Values<int>("age").Add(file.Integer(1));
            for (var q = 0; q < categories.Length; q++)
            {
                writer.Rows.Strings(categories[q]).Add(file.Bytes(q + 2));
            }

            writer.EndRow();
        }

        writer.Finish();
        output.Facts["users"] = seen.Count;
    }

    /// <returns>How many there are.</returns>
    static int WriteMessages(string folder, OutputFolder output)
    {
        using var file = new CsvFile(folder, VaccineFiles.Messages, MessageSchema.Columns.Select(column => column.Name).ToArray());
        using var writer = new TableWriter(output, MessageSchema);
        var seen = new TextSet(VaccineFiles.Messages, "message");
        while (file.Read())
        {
            seen.Add(file.Text(0), file.LineNumber);
            writer.Rows.Strings("id").Add(file.Bytes(0));
            writer.Rows.Strings("message").Add(file.Bytes(1));
            writer.EndRow();
        }

        writer.Finish();
        output.Facts["messages"] = seen.Count;
        return seen.Count;
    }

    /// <summary>Ids, each of which may occur once.</summary>
    sealed class TextSet(string file, string what)
    {
        readonly Dictionary<string, long> lineOf = new(StringComparer.Ordinal);

        public int Count => lineOf.Count;

        public void Add(string id, long line)
        {
            if (!lineOf.TryAdd(id, line))
            {
                throw new PipelineException(
                    ExitCode.InputMissing, $"{file}({line}): {what} '{id}' is there already, on line {lineOf[id]}; expected every {what} once. Remove one of the rows.");
            }
        }
    }
}
