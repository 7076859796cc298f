namespace Pipeline.Ingest.Tables;

/// <summary>The types a column of a table may have.</summary>
public enum ColumnType
{
    Bool,
    Int32,
    Int64,
    Float,
    Double,

    /// <summary>UTF-8.</summary>
    String,

    /// <summary>Days since 1970-01-01, held as int.</summary>
    Date,

    /// <summary>UTC, microseconds since 1970, held as long.</summary>
    Timestamp,
}
