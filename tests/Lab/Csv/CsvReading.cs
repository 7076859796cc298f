using System.Text;
using Pipeline.Ingest.Csv;
using Pipeline.Lab.Damage;
using Pipeline.Stages;

namespace Pipeline.Lab.Csv;

/// <summary>What our reader makes of a file with the columns a, b and c.</summary>
/// <param name="Rows">The cells of each row; what is not UTF-8 as the replacement character.</param>
/// <param name="Quarantined">Lines that went there.</param>
/// <param name="IsPlainHeader">True if the header is a,b,c and nothing else.</param>
sealed record CsvReading(IReadOnlyList<string[]> Rows, long Quarantined, bool IsPlainHeader)
{
    static readonly string[] Columns = ["a", "b", "c"];

    /// <param name="output">Where rows go that cannot be read; null to refuse the file for the first of them.</param>
    public static CsvReading Of(string path, OutputFolder? output, Decoded decoded)
    {
        var rows = new List<string[]>();
        using var quarantine = output is null ? null : new Quarantine(output, "table.csv");
        using var file = new CsvFile(Path.GetDirectoryName(path)!, Path.GetFileName(path), Columns, [], quarantine);
        while (file.Read())
        {
            string[] row = [file.Text(0), file.Text(1), file.Text(2)];
            if (file.Accept())
            {
                rows.Add(row);
                decoded.Bytes += 100 + row.Sum(cell => 2L * cell.Length);
            }
        }

        return new CsvReading(rows, quarantine?.Count ?? 0, file.Header.SequenceEqual(Columns));
    }

    /// <summary>Cells by '|', rows by '/', then how many lines were put aside: "1|2|3/4|5|6 +1".</summary>
    public override string ToString() =>
        new StringBuilder().AppendJoin('/', Rows.Select(row => string.Join('|', row))).Append(Quarantined > 0 ? $" +{Quarantined}" : "").ToString();
}
