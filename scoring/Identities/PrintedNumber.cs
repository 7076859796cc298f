using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Scoring.Identities;

/// <summary>Reads a cell: "0.9850", ".985", "**0.985**", "98.5%", "0.985 ± 0.002" (the deviation is left aside), "9.85e-1".</summary>
public static partial class PrintedNumber
{
    /// <summary>True if nothing is printed there: an empty cell, a dash, "n/a".</summary>
    public static bool IsAbsent(string cell) => Ornament().Replace(cell, "").ToLowerInvariant() is "" or "-" or "–" or "—" or "n/a" or "na";

    /// <param name="isPercent">As the header says; a '%' in the cell says so too.</param>
    /// <returns>Null if the cell is no number.</returns>
    public static RoundedValue? Parse(string cell, bool isPercent)
    {
        var match = cell.Length > 100 ? Match.Empty : Form().Match(Ornament().Replace(cell, ""));
        if (!match.Success || !double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return null;
        }

        var power = match.Groups["power"].Length > 0 ? int.Parse(match.Groups["power"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var decimals = match.Groups["places"].Length - power;
        return isPercent || match.Groups["percent"].Length > 0 ? RoundedValue.Printed(value / 100, decimals + 2) : RoundedValue.Printed(value, decimals);
    }

    [GeneratedRegex(@"[\s*`_]")]
    private static partial Regex Ornament();

    [GeneratedRegex(@"\A(?<number>[+-]?(?:[0-9]+(?:\.(?<places>[0-9]*))?|\.(?<places>[0-9]+))(?:[eE](?<power>[+-]?[0-9]{1,2}))?)(?<percent>%?)(?:(?:±|\+-|\+/-)[0-9.eE+-]+%?)?\z")]
    private static partial Regex Form();
}
