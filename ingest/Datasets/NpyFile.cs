using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Numbers in rows.</summary>
/// <param name="Values">[Rows, Columns] row-major.</param>
public sealed record Matrix(int Rows, int Columns, float[] Values);

/// <summary>NumPy's file of one array: here a matrix of little-endian floats or doubles in rows.</summary>
/// <remarks>Source: NumPy, "numpy.lib.format", versions 1.0 to 3.0.</remarks>
static partial class NpyFile
{
    const int PrefixLength = 10;
    static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <exception cref="PipelineException">The file is no such matrix, is cut short, or holds a number that is not finite.</exception>
    public static Matrix Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = Files.ReadAllBytes(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} cannot be read: {cause.Message}", cause);
        }

        var (header, start) = Header(path, bytes);
        var shape = Shape().Match(header);
        var type = Type().Match(header).Groups[1].Value;
        if (!shape.Success || type is not ("<f4" or "<f8") || header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            throw Refused(path, $"its header is {header.Trim()}; expected a matrix of '<f4' or '<f8' in C order. Save it with numpy.save(path, x.astype('float32')).");
        }

        long rows = Number(shape.Groups[1]), columns = Number(shape.Groups[2]), size = type == "<f4" ? sizeof(float) : sizeof(double);
        if (rows > Array.MaxLength || columns > Array.MaxLength || rows * columns > Array.MaxLength || bytes.Length - start != rows * columns * size)
        {
            throw Refused(path, $"it has {bytes.Length - start} bytes of numbers; a matrix [{rows}, {columns}] of '{type}' takes another number");
        }

        var data = bytes.AsSpan(start);
        float[] values = type == "<f4"
            ? MemoryMarshal.Cast<byte, float>(data).ToArray()
            : [.. MemoryMarshal.Cast<byte, double>(data).ToArray().Select(value => (float)value)];
        var wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        return wrong < 0
            ? new Matrix((int)rows, (int)columns, values)
            : throw Refused(path, $"row {wrong / columns}, column {wrong % columns} is {values[wrong]}; every number must be finite");
    }

    public static void Write(string path, Matrix matrix)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({matrix.Rows}, {matrix.Columns}), }}");
        var length = (PrefixLength + header.Length + 64) / 64 * 64;
        using var file = Files.Create(path);
        file.Write(Magic);
        file.Write([1, 0, (byte)((length - PrefixLength) & 0xFF), (byte)((length - PrefixLength) >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header.PadRight(length - PrefixLength - 1) + "\n"));
        file.Write(MemoryMarshal.AsBytes<float>(matrix.Values));
    }

    static (string Header, int End) Header(string path, byte[] bytes)
    {
        if (bytes.Length < PrefixLength + 2 || !bytes.AsSpan().StartsWith(Magic) || bytes[Magic.Length] is < 1 or > 3)
        {
            throw Refused(path, "it does not begin as one");
        }

        var isShort = bytes[Magic.Length] == 1;
        var start = isShort ? PrefixLength : PrefixLength + 2;
        long length = isShort ? BitConverter.ToUInt16(bytes, 8) : BitConverter.ToUInt32(bytes, 8);
        return start + length <= bytes.Length
            ? (Encoding.UTF8.GetString(bytes, start, (int)length), start + (int)length)
            : throw Refused(path, "it ends within its header");
    }

    // A length that does not fit is larger than any file.
    static long Number(Group group) => long.TryParse(group.Value, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    static PipelineException Refused(string path, string why) => new(ExitCode.InputMissing, $"{path} is no NumPy file that can be used here: {why}.");

    [GeneratedRegex(@"'shape': \((\d+), (\d+)\)")]
    private static partial Regex Shape();

    [GeneratedRegex("'descr': '([^']*)'")]
    private static partial Regex Type();
}
