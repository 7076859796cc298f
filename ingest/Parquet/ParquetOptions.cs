namespace Pipeline.Ingest.Parquet;

/// <summary>How a Parquet file is written. Same rows and options give the same bytes.</summary>
public sealed record ParquetOptions
{
    public ParquetCodec Codec { get; init; } = ParquetCodec.Snappy;

    /// <summary>True to store each distinct value of a column once per group where that is smaller.</summary>
    public bool UseDictionary { get; init; } = true;

    /// <summary>A longer group of rows is split into groups of this size. At least 1.</summary>
    public int RowsPerGroup { get; init; } = 1 << 16;

    /// <summary>A page holds values of about this size before compression (one larger value makes a larger page). At least 1.</summary>
    public int PageBytes { get; init; } = 1 << 20;
}
