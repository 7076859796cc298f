using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;
using Pipeline.Unit.Ingest.Parquet;

namespace Pipeline.Lab.Parquet;

/// <summary>Small sound files to begin with: every type, codec and encoding, with checksums and, since those end most damage at once, without.</summary>
static class SeedFiles
{
    const int Rows = 60;

    static readonly TableSchema Schema = new([.. Enum.GetValues<ColumnType>().SelectMany(type =>
        new[] { new Column($"{type}_required".ToLowerInvariant(), type), new Column($"{type}_optional".ToLowerInvariant(), type, IsOptional: true) })]);

    public static IReadOnlyList<SeedFile> Make(string folder)
    {
        var files = new List<SeedFile>();
        var path = Path.Combine(folder, "seed.parquet");
        foreach (var codec in Enum.GetValues<ParquetCodec>())
        {
            using (var writer = new ParquetWriter(path, Schema, new ParquetOptions { Codec = codec, RowsPerGroup = 40, PageBytes = 200 }))
            {
                writer.Write(Fill());
                writer.Finish();
            }

            files.Add(Describe($"{codec}", path, isSealed: true));
            Strip(path);
            files.Add(Describe($"{codec} without checksums", path, isSealed: false));
        }

        foreach (var (name, column, rows, pages) in Encodings())
        {
            HandMadeFile.Write(path, column, rows, pages);
            files.Add(Describe(name, path, isSealed: false));
        }

        return files;
    }

    /// <summary>All rows as text, to compare.</summary>
    public static string Text(RowGroup rows)
    {
        var text = new StringBuilder();
        foreach (var column in rows.Columns)
        {
            text.Append(column.Column).Append(':');
            for (var row = 0; row < column.Count; row++)
            {
                text.Append(column.IsNull(row) ? "null" : column switch
                {
                    ColumnBuffer<bool> bools => bools[row] ? "1" : "0",
                    ColumnBuffer<int> ints => $"{ints[row]}",
                    ColumnBuffer<long> longs => $"{longs[row]}",
                    ColumnBuffer<float> floats => $"{BitConverter.SingleToUInt32Bits(floats[row]):x}",
                    ColumnBuffer<double> doubles => $"{BitConverter.DoubleToUInt64Bits(doubles[row]):x}",
                    StringBuffer texts => texts.Text(row),
                    _ => "?",
                }).Append('|');
            }
        }

        return text.ToString();
    }

    static RowGroup Fill()
    {
        var rows = new RowGroup(Schema);
        foreach (var column in rows.Columns)
        {
            for (var row = 0; row < Rows; row++)
            {
                if (column.Column.IsOptional && row % 3 == 1)
                {
                    column.AddNull();
                    continue;
                }

                // Half of the rows repeat a few values, so that there are dictionaries and runs.
                var value = row < 30 ? row % 4 : row * 7919;
                switch (column)
                {
                    case ColumnBuffer<bool> bools: bools.Add(value % 2 == 0); break;
                    case ColumnBuffer<int> ints: ints.Add(value); break;
                    case ColumnBuffer<long> longs: longs.Add(value * 1_000_003L); break;
                    case ColumnBuffer<float> floats: floats.Add(value / 7f); break;
                    case ColumnBuffer<double> doubles: doubles.Add(value / 7.0); break;
                    case StringBuffer texts: texts.Add($"text {value} é"); break;
                }
            }
        }

        return rows;
    }

    /// <summary>Encodings that we read and do not write; the bytes are those of the tests of each encoding.</summary>
    static IEnumerable<(string Name, SchemaElement Column, int Rows, byte[][] Pages)> Encodings()
    {
        byte[] deltas = [0x80, 0x01, 0x04, 0x08, 0x0e, 0x03, 2, 0, 0, 0, 0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0];
        byte[] lengths = [0x80, 0x01, 0x04, 0x04, 0x0a, 0x00, 1, 0, 0, 0, 0b00000010, 0, 0, 0];
        byte[] starts = [0x08, 0x01, 0x02, 0x00, 0x04, 0, 0x08, 0x01, 0x02, 0x04, 0x01, 0];
        byte[] levels = [2, 0, 0, 0, 0x06, 1];
        yield return ("deltas", HandMadeFile.Required(PhysicalType.Int64), 8, [HandMadeFile.DataPage(8, PageEncoding.DeltaBinaryPacked, deltas)]);
        yield return ("delta lengths", HandMadeFile.Text, 4, [HandMadeFile.DataPage(4, PageEncoding.DeltaLengthByteArray, [.. lengths, .. "HelloWorldFoobarABCDEF"u8])]);
        yield return ("delta texts", HandMadeFile.Text, 2, [HandMadeFile.DataPage(2, PageEncoding.DeltaByteArray, [.. starts, .. "abc"u8])]);
        yield return ("split bytes", HandMadeFile.Required(PhysicalType.Float), 3,
            [HandMadeFile.DataPage(3, PageEncoding.ByteStreamSplit, 0xAA, 0x00, 0xA3, 0xBB, 0x11, 0xB4, 0xCC, 0x22, 0xC5, 0xDD, 0x33, 0xD6)]);
        yield return ("runs of bools", HandMadeFile.Required(PhysicalType.Boolean), 10, [HandMadeFile.DataPage(10, PageEncoding.Rle, 2, 0, 0, 0, 0x14, 1)]);
        yield return ("dictionary", HandMadeFile.Optional(PhysicalType.Int32), 3,
            [HandMadeFile.DictionaryPage(1, 7, 0, 0, 0), HandMadeFile.DataPage(3, PageEncoding.RleDictionary, [.. levels, 0, 0x06])]);
        yield return ("page v2", HandMadeFile.Optional(PhysicalType.Int32), 3,
            [HandMadeFile.DataPage2(3, 0, PageEncoding.Plain, [0x06, 1], [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], 14, isCompressed: false)]);
    }

    static SeedFile Describe(string name, string path, bool isSealed)
    {
        using var reader = new ParquetReader(path);
        var rows = new RowGroup(reader.Schema);
        for (var group = 0; group < reader.GroupCount; group++)
        {
            reader.ReadInto(rows, group);
        }

        var bytes = File.ReadAllBytes(path);
        var footer = Footer(bytes);
        List<int> spots = [.. footer.Metadata.Groups.SelectMany(group => group.Chunks).Select(chunk => (int)chunk.Start), .. Enumerable.Range(0, (bytes.Length - footer.Start) / 20).Select(i => footer.Start + i * 20)];
        return new SeedFile(name, bytes, spots, isSealed ? Text(rows) : null);
    }

    /// <summary>The same pages without CRC, and a footer without ours.</summary>
    static void Strip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var metadata = Footer(bytes).Metadata;
        var body = new List<byte>();
        var groups = metadata.Groups.Select(group => group with { Chunks = [.. group.Chunks.Select(chunk => Strip(chunk, bytes, body))] }).ToList();
        HandMadeFile.Write(path, metadata.Schema, groups, metadata.RowCount, [.. body]);
    }

    static ChunkMetadata Strip(ChunkMetadata chunk, byte[] bytes, List<byte> body)
    {
        var (from, to) = ((int)chunk.Start, (int)(chunk.Start + chunk.CompressedSize));
        var start = body.Count + 4;
        long? dictionary = null;
        var data = -1L;
        while (from < to)
        {
            var reader = new CompactReader(bytes.AsSpan(from, to - from));
            var header = PageHeader.Read(ref reader);
            from += reader.Position;
            (dictionary, data) = header.Kind == PageKind.Dictionary ? (body.Count + 4, data) : (dictionary, data < 0 ? body.Count + 4 : data);
            var field = (short)(header.Kind == PageKind.Dictionary ? 7 : 5);
            body.AddRange(HandMadeFile.Page(header.Kind, field, header.UncompressedSize, header.ValueCount, header.Encoding, bytes[from..(from + header.CompressedSize)]));
            from += header.CompressedSize;
        }

        return chunk with { DataPageOffset = data, DictionaryPageOffset = dictionary, CompressedSize = body.Count + 4 - start };
    }

    static (FileMetadata Metadata, int Start) Footer(byte[] bytes)
    {
        var start = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        var reader = new CompactReader(bytes.AsSpan(start, bytes.Length - 8 - start));
        return (FileMetadata.Read(ref reader), start);
    }
}

/// <param name="WeakSpots">Offsets of page headers and all over the footer.</param>
/// <param name="Sealed">Its rows as text where checksums protect all of them; else null.</param>
sealed record SeedFile(string Name, byte[] Bytes, IReadOnlyList<int> WeakSpots, string? Sealed);
