using Pipeline.Ingest.Parquet;
using Pipeline.Integrations;

namespace Pipeline.Host;

static partial class Additions
{
    static partial void AddTableFormats(List<ITableFormat> all) => all.Add(new ParquetNetFormat());
}
