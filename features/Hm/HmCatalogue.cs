using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Hm;

/// <summary>Articles as items: which articles are one item, and its place among all of them by purchases.</summary>
/// <remarks>
/// An item's number is its place: purchases descending, then the key in the order of its UTF-8 bytes. The first places are the catalogue. An
/// article that is bought but not in the table of articles, or has no name there, goes by its id, and ranks like any other.
/// </remarks>
sealed class HmCatalogue
{
    static readonly Column Text = new("text", ColumnType.String);

    readonly TextDictionary articles = new(Text);
    readonly TextDictionary keys;
    readonly StringBuffer names = new(Text);
    readonly HmItemKey itemKey;
    readonly List<int> keyOf = [];
    readonly List<int> purchases = [];
    readonly int known;
    int[] itemOf = [];

    /// <param name="table">1-tables/articles.</param>
    /// <exception cref="PipelineException">An article is there twice (CheckFailed).</exception>
    public HmCatalogue(InputFolder table, HmItemKey itemKey)
    {
        this.itemKey = itemKey;
        keys = itemKey == HmItemKey.ArticleId ? articles : new TextDictionary(Text);
        foreach (var rows in TableFiles.Read(table, "article_id", "prod_name"))
        {
            var (ids, prodNames) = (rows.Strings("article_id"), rows.Strings("prod_name"));
            for (var row = 0; row < rows.Count; row++)
            {
                if (ArticleOf(ids[row], prodNames[row]) < known++)
                {
                    throw new PipelineException(
                        ExitCode.CheckFailed, $"{table.Artifact.Title}: article {ids.Text(row)} is there twice; expected once. Remove one of its rows from articles.csv.");
                }
            }
        }
    }

    /// <summary>Items of the catalogue: as many as asked for, or as were bought at all.</summary>
    public int Count { get; private set; }

    /// <summary>Items in all.</summary>
    public int KeyCount => keys.Entries.Count;

    /// <summary>Articles that were bought and are not in the table of articles.</summary>
    public int UnknownArticles => articles.Entries.Count - known;

    /// <summary>Counts a purchase, or only learns of the article.</summary>
    /// <param name="counts">False for a purchase that the choice of items must not see.</param>
    public void Add(ReadOnlySpan<byte> articleId, bool counts) => purchases[ArticleOf(articleId, articleId)] += counts ? 1 : 0;

    /// <summary>Gives every item its place, after the last purchase was added.</summary>
    /// <exception cref="PipelineException">Nothing was bought (CheckFailed).</exception>
    public void Rank(int items)
    {
        var bought = new int[keys.Entries.Count];
        for (var article = 0; article < keyOf.Count; article++)
        {
            bought[keyOf[article]] += purchases[article];
        }

        int[] keyOfItem = [.. Enumerable.Range(0, bought.Length)];
        Array.Sort(keyOfItem, (one, other) =>
            bought[one] != bought[other] ? bought[other].CompareTo(bought[one]) : keys.Entries[one].SequenceCompareTo(keys.Entries[other]));
        var place = new int[bought.Length];
        for (var item = 0; item < place.Length; item++)
        {
            place[keyOfItem[item]] = item;
        }

        itemOf = [.. keyOf.Select(key => place[key])];
        Count = Math.Min(items, bought.Count(count => count > 0));
        if (Count == 0)
        {
            throw new PipelineException(
                ExitCode.CheckFailed, "No purchase is left to choose items by. With a split by time only those before its date count: see split.date.");
        }
    }

    /// <summary>The item of an article that was added before; at or above <see cref="Count"/> it is outside the catalogue.</summary>
    /// <param name="isKnown">Whether the table of articles has it.</param>
    public int ItemOf(ReadOnlySpan<byte> articleId, out bool isKnown)
    {
        var article = articles.Find(articleId);
        isKnown = article < known;
        return itemOf[article];
    }

    /// <summary>The catalogue: the id of an item is its most bought article, of equals the first by id.</summary>
    public EncodedTable Encode()
    {
        var chosen = new int[Count];
        chosen.AsSpan().Fill(-1);
        for (var article = 0; article < itemOf.Length; article++)
        {
            if (itemOf[article] < Count && (chosen[itemOf[article]] < 0 || IsBefore(article, chosen[itemOf[article]])))
            {
                chosen[itemOf[article]] = article;
            }
        }

        return new EncodedTable(
            new FeatureSpec([], [new CategoryFeature("item", Count)]),
            [.. chosen.Select(articles.Entries.Text)],
            [.. chosen.Select(names.Text)],
            [],
            [.. Enumerable.Range(0, Count)]);
    }

    bool IsBefore(int article, int other) =>
        purchases[article] != purchases[other]
            ? purchases[article] > purchases[other]
            : articles.Entries[article].SequenceCompareTo(articles.Entries[other]) < 0;

    /// <param name="name">Of a new article; empty if it has none.</param>
    int ArticleOf(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        var article = articles.Add(id);
        if (article == keyOf.Count)
        {
            names.Add(name.IsEmpty ? id : name);
            keyOf.Add(itemKey == HmItemKey.ArticleId ? article : keys.Add(names[article]));
            purchases.Add(0);
        }

        return article;
    }
}
