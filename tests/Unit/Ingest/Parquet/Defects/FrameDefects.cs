using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>What is wrong around the footer: marks, its length, and bytes in it that are no footer.</summary>
static class FrameDefects
{
    // Field 2, two structs: a root with one child, and an INT32 that is required.
    static readonly byte[] OneColumn = [0x29, 0x2C, 0x48, 4, .. "root"u8, 0x15, 2, 0, 0x15, 2, 0x25, 0, 0x18, 2, .. "it"u8, 0];

    public static IReadOnlyList<Defect> List { get; } =
    [
        Bytes("an empty file"),
        Bytes("one mark alone", "PAR1"u8),
        Bytes("two marks and nothing between", "PAR1PAR1"u8),
        Bytes("eleven bytes", "PAR1\0\0\0PAR1"u8),
        Bytes("a footer of no bytes", "PAR1\0\0\0\0PAR1"u8),
        Sound("a wrong first mark", file => file[0] = (byte)'p'),
        Sound("a wrong last mark", file => file[^1] = (byte)'2'),
        Sound("the mark of an encrypted footer", file => file[^1] = (byte)'E'),
        Sound("a footer one byte longer than the file", file => BitConverter.TryWriteBytes(file.AsSpan(file.Length - 8), file.Length - 11)),
        Sound("a footer that begins in the first mark", file => BitConverter.TryWriteBytes(file.AsSpan(file.Length - 8), file.Length - 9)),
        Sound("a footer of a negative length", file => BitConverter.TryWriteBytes(file.AsSpan(file.Length - 8), -1)),
        Sound("a footer of the greatest length", file => BitConverter.TryWriteBytes(file.AsSpan(file.Length - 8), int.MaxValue)),
        Sound("a footer one byte too short", file => BitConverter.TryWriteBytes(file.AsSpan(file.Length - 8), BitConverter.ToInt32(file, file.Length - 8) - 1)),
        Footer("zeros for a footer", new byte[64]),
        Footer("a footer that ends behind its schema", [.. OneColumn, 0x16, 0, 0, 0x19, 0x0C]),
        Footer("columns that are encrypted", [.. OneColumn, 0x16, 0, 0x19, 0x0C, 0x4C, 0, 0]),
        Footer("ones for a footer", [.. Enumerable.Repeat((byte)0xFF, 64)]),
        Footer("structs nested 100,000 deep", [.. Enumerable.Repeat((byte)0x9C, 100_000)]),
        Footer("structs nested 100,000 deep in the schema", [0x29, 0x1C, .. Enumerable.Repeat((byte)0x9C, 100_000)]),
        Footer("lists nested 100,000 deep", [0x99, .. Enumerable.Repeat((byte)0x19, 100_000)]),
        Footer("maps nested 100,000 deep", [0x9B, .. Enumerable.Range(0, 100_000).SelectMany(_ => (byte[])[1, 0x3B, 0])]),
        Footer("a map of two thousand million entries", [0x9B, 0x80, 0x80, 0x80, 0x80, 0x08, 0x55]),
        Footer("a list of two thousand million columns", [0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0]),
        Footer("a schema of numbers", [0x29, 0x15, 2]),
        Footer("a text of two thousand million bytes", [0x68, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]),
        Footer("a number of eleven bytes", [0x36, .. Enumerable.Repeat((byte)0xFF, 10), 1]),
        Footer("a field of an unknown type", [0x1E, 0]),
        Footer("a field number beyond 16 bits", [0x05, 0xFF, 0xFF, 0xFF, 0x0F, 0]),
        Footer("field numbers that run over", [.. Enumerable.Repeat((byte)0xF1, 5000), 0]),
    ];

    static Defect Bytes(string name, ReadOnlySpan<byte> bytes = default)
    {
        var copy = bytes.ToArray();
        return new Defect(name, path => File.WriteAllBytes(path, copy));
    }

    /// <summary>A sound file, then one change.</summary>
    static Defect Sound(string name, Action<byte[]> change) => new(name, path =>
    {
        HandMadeFile.Write(path, HandMadeFile.Required(PhysicalType.Int32), 1, HandMadeFile.DataPage(1, PageEncoding.Plain, 1, 0, 0, 0));
        var file = File.ReadAllBytes(path);
        change(file);
        File.WriteAllBytes(path, file);
    });

    static Defect Footer(string name, byte[] footer) =>
        new(name, path => File.WriteAllBytes(path, [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8]));
}
