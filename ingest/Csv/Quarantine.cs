using System.Text;
using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Ingest.Csv;

/// <summary>Rows of one file that cannot be read, kept with line, byte offset, reason and raw text, so that nothing is lost and somebody can mend them.</summary>
/// <remarks>On disk `quarantine.jsonl` beside the table's parts, an object a row; there is no file if there is no such row.</remarks>
/// <param name="output">The table that the other rows go to.</param>
/// <param name="file">Name of the file as messages show it.</param>
/// <param name="mostBytes">The file grows no further than this; rows that come after it are counted, and lie in the raw file still.</param>
/// <param name="cancellation">Asked at every row: a file may hold no other.</param>
public sealed class Quarantine(OutputFolder output, string file, long mostBytes = 64 << 20, CancellationToken cancellation = default) : IDisposable
{
    public const string FileName = "quarantine.jsonl";

    const int ExamplesShown = 3, ReasonsShown = 5;

    readonly Dictionary<string, long> countOf = new(StringComparer.Ordinal);
    readonly List<string> examples = [];
    Stream? stream;
    long bytes, leftOut;

    /// <summary>Lines of the file that its rows take: a row whose quotes swallowed others counts as all of them.</summary>
    public long Count { get; private set; }

    /// <param name="line">Where the row starts, from 1.</param>
    /// <param name="byteOffset">Where the row starts in the text, after decompression.</param>
    /// <param name="kind">What rows of this fault have in common: "t_dat is not a date".</param>
    /// <param name="reason">What is wrong with this one: "t_dat is '2020-13-40'; it must be a date".</param>
    public void Add(long line, long byteOffset, string kind, string reason, ReadOnlySpan<byte> raw)
    {
        cancellation.ThrowIfCancellationRequested();
        var lines = 1 + raw.Count((byte)'\n') + raw.Count((byte)'\r') - raw.Count("\r\n"u8);
        Count += lines;
        countOf[kind] = countOf.GetValueOrDefault(kind) + lines;
        if (examples.Count < ExamplesShown)
        {
            examples.Add($"{file}({line}): {reason}");
        }

        if (bytes >= mostBytes)
        {
            leftOut += lines;
            return;
        }

        stream ??= Files.Create(output.File(FileName), 1 << 16);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteNumber("line", line);
            json.WriteNumber("byteOffset", byteOffset);
            json.WriteString("reason", reason);
            WriteRaw(json, raw);
            json.WriteEndObject();
            json.Flush();
            bytes += json.BytesCommitted + 1;
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Notes the counts, and fails if there are too many.</summary>
    /// <param name="accepted">Rows that were read.</param>
    /// <param name="mostShare">Of all rows.</param>
    /// <exception cref="PipelineException">More than that share is here (CheckFailed).</exception>
    public void Check(long accepted, double mostShare)
    {
        output.Facts["quarantined"] = Count;
        if (leftOut > 0)
        {
            output.Facts["quarantinedLeftOut"] = leftOut;
        }

        var share = Count == 0 ? 0 : (double)Count / (Count + accepted);
        if (share <= mostShare)
        {
            return;
        }

        var reasons = countOf.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var text = new StringBuilder($"{file}: {Count:N0} of {Count + accepted:N0} rows ({share:P2}) cannot be read; at most {mostShare:P2} may be (ingest.maxQuarantinedShare).");
        foreach (var (kind, count) in reasons.Take(ReasonsShown))
        {
            text.Append($"\n  {count:N0}: {kind}");
        }

        text.Append(reasons.Count > ReasonsShown ? $"\n  and {reasons.Count - ReasonsShown:N0} more reasons" : "").Append("\nThe first:");
        examples.ForEach(example => text.Append("\n  ").Append(example));
        throw new PipelineException(ExitCode.CheckFailed, text.Append("\nMend the file, or allow more.").ToString());
    }

    public void Dispose() => stream?.Dispose();

    /// <summary>Text as it is; what is no UTF-8 as base64, so that no byte is lost.</summary>
    static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> raw)
    {
        if (System.Text.Unicode.Utf8.IsValid(raw))
        {
            json.WriteString("raw", raw);
        }
        else
        {
            json.WriteBase64String("rawBase64", raw);
        }
    }
}
