namespace Pipeline.Ingest.Parquet;

/// <summary>How pages are compressed. The numbers are those of the format.</summary>
public enum ParquetCodec
{
    Uncompressed = 0,

    /// <summary>Fast in both directions; the bytes are the same on every machine.</summary>
    Snappy = 1,

    /// <summary>Smaller and slower. The bytes depend on the zlib of the runtime, so they may differ between its versions and processors.</summary>
    Gzip = 2,

    /// <summary>LZ4 blocks without a frame; the bytes are the same on every machine.</summary>
    Lz4Raw = 7,
}
