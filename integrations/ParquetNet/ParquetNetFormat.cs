using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;

namespace Pipeline.Integrations;

/// <summary>Tables by Parquet.Net: more codecs when reading (Zstandard, Brotli), other bytes when writing.</summary>
sealed class ParquetNetFormat : ITableFormat
{
    public string Name => "parquet-net";

    public ITableReader Open(string path) => new ParquetNetReader(path);

    public ITableWriter Create(string path, TableSchema schema, ParquetOptions? options = null) => new ParquetNetWriter(path, schema, options);
}
