namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>How the values of a page are encoded. The numbers are those of the format.</summary>
enum PageEncoding
{
    Plain = 0,

    /// <summary>The older name of <see cref="RleDictionary"/>; of <see cref="Plain"/> on a dictionary page.</summary>
    PlainDictionary = 2,

    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}
