using System.Globalization;

namespace Pipeline.Bench;

/// <summary>What a bench found.</summary>
/// <param name="Notes">Lines above the table: the machine, the peer, what a column means.</param>
sealed record Results(IReadOnlyList<string> Notes, IReadOnlyList<Row> Rows)
{
    public static Results Of(Setup setup, IEnumerable<Row> rows, params IEnumerable<string> notes) => new(
    [
        $"{Machine.Description}, {setup.Options.Threads} threads",
        setup.Ceiling.Description,
        setup.Neighbours.Description,
        .. setup.Peer is null ? [] : new[] { $"Peer: {setup.Peer.Description}" },
        .. notes,
    ], [.. rows]);
}

/// <param name="Name">"spotify/mamba"</param>
/// <param name="Ms">Median, milliseconds.</param>
/// <param name="FloorMs">What the machine's ceiling allows, or null where none is known.</param>
/// <param name="PeerMs">The peer's median, or null without a peer.</param>
/// <param name="More">Further columns.</param>
sealed record Row(string Name, double Ms, double? FloorMs, double? PeerMs, params Extra[] More);

/// <param name="Name">As in JSON: "bestMs".</param>
readonly record struct Extra(string Name, double Value)
{
    public override string ToString() => Format(Value);

    /// <summary>Three digits or whole numbers: no more is measured.</summary>
    public static string Format(double value) => double.IsNaN(value) ? "" : Math.Abs(value) switch
    {
        0 => "0",
        < 0.001 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        < 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("#,##0", CultureInfo.InvariantCulture),
    };
}
