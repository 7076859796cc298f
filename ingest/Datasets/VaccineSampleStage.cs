using System.Globalization;
using CsvHelper;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Draws a population, and writes it down beside the hundred messages that the project brings along.</summary>
public sealed class VaccineSampleStage(VaccineSampleOptions options) : IStage
{
    public static readonly Artifact Sample = new("generated raw files", "0-raw/sample");

    public string Name => "sample";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [];

    public IReadOnlyList<Artifact> Writes => [Sample];

    public bool IsSynthetic => true;

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (users, messages) = (options.Users * 83L, 9_200L);
        return [new DataSize(users + messages) { Counts = new Dictionary<string, long> { [VaccineFiles.Users] = users, [VaccineFiles.Messages] = messages } }];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var output = context.Output(Sample);
        var population = VaccinePopulation.Built;
        var random = context.Random(options.Seed, "sample/users");
        using (var writer = CsvWriter.ToFile(output.File(VaccineFiles.Users), CsvWriterOptions.Default with { NewLine = "\n" }))
        {
            writer.WriteRecord(["id", "age", .. population.Categories.Select(category => category.Name)]);
            for (var user = 0; user < options.Users; user++)
            {
                cancellation.ThrowIfCancellationRequested();
                var age = population.Age.Draw(random).ToString(CultureInfo.InvariantCulture);
                writer.WriteRecord([$"user-{user + 1:D6}", age, .. population.Categories.Select(category => category.Draw(random))]);
                context.Progress(user + 1, options.Users, "users");
            }
        }

        using var messages = typeof(VaccineSampleStage).Assembly.GetManifestResourceStream("vaccine-messages.csv")!;
        using var file = Files.Create(output.File(VaccineFiles.Messages));
        messages.CopyTo(file);
        output.Facts["users"] = options.Users;
        return Task.CompletedTask;
    }
}
