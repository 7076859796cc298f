namespace Pipeline.Ingest.Datasets;

/// <summary>The raw files of the vaccine messages.</summary>
public static class VaccineFiles
{
    /// <summary>`id`, `age` in years and the categories.</summary>
    public const string Users = "users.csv";

    /// <summary>`id` and `message`.</summary>
    public const string Messages = "messages.csv";

    /// <summary>Embeddings made elsewhere, a row per message in the order of messages.csv; either may be there, or none.</summary>
    public const string NpyEmbeddings = "embeddings.npy", ParquetEmbeddings = "embeddings.parquet";

    /// <summary>What is known of a user beside the age; any text is a value.</summary>
    public static IReadOnlyList<string> Categories { get; } = [.. VaccinePopulation.Built.Categories.Select(category => category.Name)];
}
