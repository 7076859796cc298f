namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>The codecs that are read and written.</summary>
static class AllCodecs
{
    public static IReadOnlyList<ICodec> List { get; } =
    [
        new UncompressedCodec(),
        new SnappyCodec(),
        new GzipCodec(),
        new Lz4RawCodec(),
    ];

    // By number; those without a codec above are known by name only.
    static readonly string[] Names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];

    /// <returns>Null if the format's number is none of ours.</returns>
    public static ICodec? Find(int id) => List.FirstOrDefault(codec => (int)codec.Id == id);

    public static string Name(int id) => id >= 0 && id < Names.Length ? Names[id] : $"number {id}";
}
