using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Datasets;

/// <summary>What H&amp;M's raw files look like, each plain or with .gz; Kaggle's "H&amp;M Personalized Fashion Recommendations".</summary>
static class HmFiles
{
    public const string Articles = "articles.csv", Customers = "customers.csv", Transactions = "transactions_train.csv";

    /// <summary>Of an average row, in the real files and in generated ones; real articles without their descriptions.</summary>
    public const long ArticleBytes = 203, CustomerBytes = 153, TransactionBytes = 108;

    /// <summary>What a cell holds, by its column.</summary>
    public static HmColumn[] ArticleColumns { get; } =
    [
        new("article_id", HmCell.ArticleId),
        new("prod_name", HmCell.Text, IsRequired: true),
        new("product_code", HmCell.Text),
        .. Numbered("product_type"), new("product_group_name", HmCell.Text), .. Numbered("graphical_appearance"),
        new("colour_group_code", HmCell.Integer), new("colour_group_name", HmCell.Text),
        new("perceived_colour_value_id", HmCell.Integer), new("perceived_colour_value_name", HmCell.Text),
        new("perceived_colour_master_id", HmCell.Integer), new("perceived_colour_master_name", HmCell.Text),
        .. Numbered("department"), new("index_code", HmCell.Text), new("index_name", HmCell.Text), .. Numbered("index_group"),
        .. Numbered("section"), .. Numbered("garment_group"), new("detail_desc", HmCell.Text),
    ];

    public static HmColumn[] CustomerColumns { get; } =
    [
        new("customer_id", HmCell.CustomerId),
        new("FN", HmCell.Flag, MustExist: true),
        new("Active", HmCell.Flag, MustExist: true),
        new("club_member_status", HmCell.Text, MustExist: true),
        new("fashion_news_frequency", HmCell.Text, MustExist: true),
        new("age", HmCell.Age, MustExist: true),
        new("postal_code", HmCell.Text),
    ];

    public static HmColumn[] TransactionColumns { get; } =
    [
        new("t_dat", HmCell.Date),
        new("customer_id", HmCell.CustomerId),
        new("article_id", HmCell.ArticleId),
        new("price", HmCell.Price),
        new("sales_channel_id", HmCell.Integer),
    ];

    static HmColumn[] Numbered(string name) => [new($"{name}_no", HmCell.Integer), new($"{name}_name", HmCell.Text)];
}

/// <summary>What a cell of H&amp;M's files holds.</summary>
enum HmCell
{
    /// <summary>10 digits, the first of them often 0.</summary>
    ArticleId,

    /// <summary>64 hexadecimal digits in lower case.</summary>
    CustomerId,

    Text,

    Integer,

    /// <summary>1.0, or empty.</summary>
    Flag,

    /// <summary>Years as 21.0, or empty.</summary>
    Age,

    Date,

    /// <summary>A decimal number, at least 0.</summary>
    Price,
}

/// <param name="IsRequired">True if no cell may be empty; ids, dates and prices never may.</param>
/// <param name="MustExist">True if the column must be there, though its cells may be empty.</param>
sealed record HmColumn(string Name, HmCell Cell, bool IsRequired = false, bool MustExist = false)
{
    /// <summary>True if the file must have the column.</summary>
    public bool IsNeeded => MustExist || !IsOptional;

    public bool IsOptional => !IsRequired && Cell is HmCell.Text or HmCell.Integer or HmCell.Flag or HmCell.Age;

    public Column Column => new(Name, Type, IsOptional);

    ColumnType Type => Cell switch
    {
        HmCell.Integer or HmCell.Age => ColumnType.Int32,
        HmCell.Flag => ColumnType.Bool,
        HmCell.Date => ColumnType.Date,
        HmCell.Price => ColumnType.Double,
        _ => ColumnType.String,
    };
}
