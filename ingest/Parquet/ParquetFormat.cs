namespace Pipeline.Ingest.Parquet;

/// <summary>What every file has: the magic at both ends and, before the last, the size of the footer.</summary>
static class ParquetFormat
{
    public const int TailBytes = 8;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>In place of <see cref="Magic"/> where the footer is encrypted.</summary>
    public static ReadOnlySpan<byte> EncryptedMagic => "PARE"u8;
}
