using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>A file with one column and pages made by hand, without any checksum: what others may write, or damage.</summary>
static class HandMadeFile
{
    public static SchemaElement Required(PhysicalType type) => new("it") { Type = type, Repetition = Repetition.Required };

    public static SchemaElement Optional(PhysicalType type) => Required(type) with { Repetition = Repetition.Optional };

    public static SchemaElement Text { get; } = Required(PhysicalType.ByteArray) with { Converted = ConvertedType.Utf8 };

    public static byte[] DictionaryPage(int count, params byte[] body) => Page(PageKind.Dictionary, 7, body.Length, count, PageEncoding.Plain, body);

    public static byte[] DataPage(int count, PageEncoding encoding, params byte[] body) => Page(PageKind.Data, 5, body.Length, count, encoding, body);

    /// <param name="size">What the header says about the size before compression.</param>
    public static byte[] Page(PageKind kind, short field, int size, int count, PageEncoding encoding, byte[] body)
    {
        var writer = new CompactWriter();
        writer.WriteInt32(1, (int)kind);
        writer.WriteInt32(2, size);
        writer.WriteInt32(3, body.Length);
        writer.BeginStruct(field);
        writer.WriteInt32(1, count);
        writer.WriteInt32(2, (int)encoding);
        if (kind == PageKind.Data)
        {
            writer.WriteInt32(3, (int)PageEncoding.Rle);
            writer.WriteInt32(4, (int)PageEncoding.Rle);
        }

        writer.EndStruct();
        writer.EndStruct();
        return [.. writer.Written, .. body];
    }

    /// <param name="levels">Runs of levels, which are never compressed.</param>
    /// <param name="size">Of levels and values before compression.</param>
    public static byte[] DataPage2(int count, int nulls, PageEncoding encoding, byte[] levels, byte[] values, int size, bool isCompressed)
    {
        var writer = new CompactWriter();
        writer.WriteInt32(1, (int)PageKind.Data2);
        writer.WriteInt32(2, size);
        writer.WriteInt32(3, levels.Length + values.Length);
        writer.BeginStruct(8);
        writer.WriteInt32(1, count);
        writer.WriteInt32(2, nulls);
        writer.WriteInt32(3, count);
        writer.WriteInt32(4, (int)encoding);
        writer.WriteInt32(5, levels.Length);
        writer.WriteInt32(6, 0);
        writer.WriteBool(7, isCompressed);
        writer.EndStruct();
        writer.EndStruct();
        return [.. writer.Written, .. levels, .. values];
    }

    public static void Write(string path, SchemaElement column, long rows, params byte[][] pages) => Write(path, column, rows, 0, pages);

    public static void Write(string path, SchemaElement column, long rows, int codec, params byte[][] pages)
    {
        var body = pages.SelectMany(page => page).ToArray();
        var chunk = new ChunkMetadata { Type = column.Type!.Value, Path = column.Name, Codec = codec, ValueCount = rows, CompressedSize = body.Length, DataPageOffset = 4 };
        Write(path, [new SchemaElement("root") { ChildCount = 1 }, column], [new GroupMetadata([chunk], rows)], rows, body);
    }

    public static void Write(string path, IReadOnlyList<SchemaElement> schema, IReadOnlyList<GroupMetadata> groups, long rows, byte[] body)
    {
        var writer = new CompactWriter();
        new FileMetadata(schema, groups, rows).Write(writer);
        var footer = writer.Written.ToArray();

        // Another key and another writer in the same places: then the footer has no checksum of ours and needs none.
        footer.AsSpan(footer.AsSpan().IndexOf("pipeline.footer"u8))[0] = (byte)'P';
        footer.AsSpan(footer.AsSpan().IndexOf("pipeline version"u8))[0] = (byte)'P';
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, footer.Length);
        File.WriteAllBytes(path, [.. "PAR1"u8, .. body, .. footer, .. size, .. "PAR1"u8]);
    }
}
