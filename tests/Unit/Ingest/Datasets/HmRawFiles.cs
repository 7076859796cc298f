using System.Globalization;
using System.IO.Compression;
using Pipeline.Ingest.Datasets;

namespace Pipeline.Unit.Ingest;

/// <summary>A folder of H&amp;M's files in memory, read in the simplest way; real ones and generated ones alike.</summary>
sealed class HmRawFiles
{
    public HmRawFiles(string folder)
    {
        Articles = Cells(Path.Combine(folder, "articles.csv"));
        Customers = Cells(Path.Combine(folder, "customers.csv"));
        TransactionLines = [.. Lines(Path.Combine(folder, "transactions_train.csv"))];
        var names = Articles.Skip(1).ToDictionary(cells => cells[0], cells => cells[2], StringComparer.Ordinal);
        var ages = Customers.Skip(1).ToDictionary(cells => cells[0], cells => cells[5], StringComparer.Ordinal);
        Purchases = [.. TransactionLines.Skip(1).Select(line => line.Split(',')).Select(cells => new Purchase(
            DateOnly.ParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture), cells[1], cells[2], names[cells[2]], Band(ages[cells[1]]), cells[3], cells[4]))];
    }

    /// <summary>Rows, the header first.</summary>
    public IReadOnlyList<string[]> Articles { get; }

    public IReadOnlyList<string[]> Customers { get; }

    public IReadOnlyList<string> TransactionLines { get; }

    /// <summary>Reading fails where a customer or an article of a transaction does not exist.</summary>
    public IReadOnlyList<Purchase> Purchases { get; }

    public static HmRawFiles Generate(StageHarness harness, HmSampleOptions options) =>
        new(harness.Run(new HmSampleStage(options)).Input(HmSampleStage.Sample).Path);

    /// <summary>Share of all purchases that the so many most bought keys have.</summary>
    public double ShareOfTop(int count, Func<Purchase, string> key) =>
        (double)Purchases.GroupBy(key, StringComparer.Ordinal).Select(group => group.Count()).OrderDescending().Take(count).Sum() / Purchases.Count;

    /// <summary>The most bought names, ties by name.</summary>
    public static IReadOnlyList<string> TopNames(IEnumerable<Purchase> purchases, int count) =>
        [.. purchases.GroupBy(purchase => purchase.Name, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(count).Select(group => group.Key)];

    static int Band(string age) => HmSampleTaste.Band(age.Length == 0 ? null : (int)double.Parse(age, CultureInfo.InvariantCulture));

    static IEnumerable<string> Lines(string path)
    {
        using var reader = File.Exists(path)
            ? new StreamReader(path)
            : new StreamReader(new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Cells between commas outside of quotes; no generated and no real cell has a quote or a line break within.</summary>
    static List<string[]> Cells(string path) =>
        [.. Lines(path).Select(line => line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : new[] { part.Replace(',', '\n') }))
            .Select(parts => string.Concat(parts).Split('\n'))];
}

/// <param name="Band">The age band that the generator knows.</param>
sealed record Purchase(DateOnly Day, string Customer, string Article, string Name, int Band, string Price, string Channel);
