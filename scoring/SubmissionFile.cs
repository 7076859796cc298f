using System.Buffers;
using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>submission.csv as competitions ask for it: `customer_id,prediction`, a line per user in the order of the table, items joined by one blank, best first.</summary>
/// <remarks>UTF-8, lines end in LF; a cell with a comma, a quote, a line break or a blank at an end is quoted as in RFC 4180. A user without a list has an empty prediction.</remarks>
static class SubmissionFile
{
    public const string Name = "submission.csv";

    const int FlushBytes = 1 << 20;

    static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Writes the lines of a stretch of users; the one with the first user has the header too, so that all together are the file.</summary>
    /// <exception cref="PipelineException">An item's id has a blank, so that items joined by blanks cannot be told apart.</exception>
    public static void Write(OutputFolder output, EncodedTable users, EncodedTable items, GivenLists lists)
    {
        RequireNoBlanks(items);
        using var file = Files.Create(output.File(Name), bufferBytes: 0);
        ArrayBufferWriter<byte> text = new(FlushBytes * 2), prediction = new(1 << 10);
        text.Write(lists.Users is [] or [0, ..] ? "customer_id,prediction\n"u8 : []);
        var (chosen, scores) = (new int[lists.Length], new float[lists.Length]);
        for (var place = 0; place < lists.Count; place++)
        {
            var entries = lists.Fill(place, chosen, scores);
            prediction.ResetWrittenCount();
            for (var i = 0; i < entries; i++)
            {
                prediction.Write(i == 0 ? [] : " "u8);
                prediction.Write(items.Ids.Utf8(chosen[i]));
            }

            AddCell(users.Ids.Utf8(lists.Users[place]), text);
            text.Write(","u8);
            AddCell(prediction.WrittenSpan, text);
            text.Write("\n"u8);
            if (text.WrittenCount >= FlushBytes)
            {
                file.Write(text.WrittenSpan);
                text.ResetWrittenCount();
            }
        }

        file.Write(text.WrittenSpan);
    }

    static void AddCell(ReadOnlySpan<byte> cell, ArrayBufferWriter<byte> text)
    {
        if (!cell.ContainsAny(Special) && cell is not [(byte)' ', ..] and not [.., (byte)' '])
        {
            text.Write(cell);
            return;
        }

        text.Write("\""u8);
        for (var quote = cell.IndexOf((byte)'"'); quote >= 0; quote = cell.IndexOf((byte)'"'))
        {
            text.Write(cell[..(quote + 1)]);
            text.Write("\""u8);
            cell = cell[(quote + 1)..];
        }

        text.Write(cell);
        text.Write("\""u8);
    }

    static void RequireNoBlanks(EncodedTable items)
    {
        for (var item = 0; item < items.Count; item++)
        {
            if (items.Ids.Utf8(item).Contains((byte)' '))
            {
                throw new PipelineException(
                    ExitCode.CheckFailed,
                    $"{Name} joins items by blanks, but the id of item '{items.Ids[item]}' has one itself. Set `submission` to false, or give the items ids without blanks.");
            }
        }
    }
}
