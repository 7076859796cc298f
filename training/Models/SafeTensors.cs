using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>A named array of a safetensors file.</summary>
/// <param name="Shape">Lengths, outermost first.</param>
/// <param name="Data">Row-major: float[] (F32) or int[] (I32).</param>
public sealed record StoredTensor(IReadOnlyList<int> Shape, Array Data)
{
    public float[] Floats => Data as float[] ?? throw new InvalidOperationException("The tensor holds whole numbers, not floats.");

    public int[] Integers => Data as int[] ?? throw new InvalidOperationException("The tensor holds floats, not whole numbers.");
}

/// <summary>A safetensors file in memory.</summary>
public sealed record SafeTensorsFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, StoredTensor> Tensors);

/// <summary>
/// Reads and writes safetensors: eight bytes of header length, a JSON header, the data. Only F32 and I32, which is all that a model has.
/// Source: the format's description in the safetensors project. Little-endian, as the format is.
/// </summary>
public static class SafeTensors
{
    const int LongestHeader = 16 << 20;

    /// <summary>Writes the tensors in the given order; the same content gives the same bytes.</summary>
    public static void Write(
        string path, IReadOnlyList<KeyValuePair<string, StoredTensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = Header(tensors, metadata);
        using var file = Files.Create(path, 1 << 20);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        file.Write(header);
        foreach (var (_, tensor) in tensors)
        {
            file.Write(tensor.Data is float[] floats ? MemoryMarshal.AsBytes(floats.AsSpan()) : MemoryMarshal.AsBytes(tensor.Integers.AsSpan()));
        }

        Files.Flush(file);
    }

    /// <exception cref="PipelineException">The file is missing or damaged; the message names it and the place.</exception>
    public static SafeTensorsFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path}: there is no such model file.");
        }

        using var file = Files.OpenRead(path);
        Span<byte> start = stackalloc byte[8];
        if (file.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8)
        {
            throw Damaged(path, 0, "the file ends within the header's length");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (headerLength > LongestHeader || headerLength > (ulong)(file.Length - 8))
        {
            throw Damaged(path, 0, $"the header is said to have {headerLength} bytes, the file has {file.Length}");
        }

        var header = new byte[headerLength];
        file.ReadExactly(header);
        return Parse(path, file, header);
    }

    static byte[] Header(IReadOnlyList<KeyValuePair<string, StoredTensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                var bytes = tensor.Data.LongLength * 4;
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Data is float[]? "F32" : "I32");
                json.WriteStartArray("shape");
                foreach (var length in tensor.Shape)
                {
                    json.WriteNumberValue(length);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight, so that the floats lie aligned for whoever maps the file.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    static SafeTensorsFile Parse(string path, FileStream file, byte[] header)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        var left = file.Length - 8 - header.Length;
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    foreach (var item in entry.Value.EnumerateObject())
                    {
                        metadata[item.Name] = item.Value.GetString() ?? "";
                    }
                }
                else
                {
                    // Tensors do not share bytes, so all of them are no larger than the file.
                    tensors[entry.Name] = ReadTensor(path, file, header.Length, entry);
                    left -= tensors[entry.Name].Data.LongLength * 4;
                    if (left < 0)
                    {
                        throw Damaged(path, 8, $"tensor '{entry.Name}' shares bytes with others");
                    }
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Damaged(path, 8, $"the header cannot be read ({error.Message})");
        }

        return new SafeTensorsFile(metadata, tensors);
    }

    static StoredTensor ReadTensor(string path, FileStream file, int headerLength, JsonProperty entry)
    {
        var type = entry.Value.GetProperty("dtype").GetString();
        if (type is not ("F32" or "I32"))
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path}: tensor '{entry.Name}' has type {type}; only F32 and I32 are read.");
        }

        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())];
        var offsets = entry.Value.GetProperty("data_offsets");
        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        long available = file.Length - 8 - headerLength;
        if (begin < 0 || end < begin || end > available || shape.Any(length => length < 0) || Elements(shape, available / 4) * 4 != end - begin)
        {
            throw Damaged(path, 8, $"tensor '{entry.Name}' [{string.Join(", ", shape)}] does not fit bytes {begin} .. {end} of {available}");
        }

        file.Position = 8 + headerLength + begin;
        var count = (int)((end - begin) / 4);
        if (type == "F32")
        {
            var floats = new float[count];
            file.ReadExactly(MemoryMarshal.AsBytes(floats.AsSpan()));
            return new StoredTensor(shape, floats);
        }

        var integers = new int[count];
        file.ReadExactly(MemoryMarshal.AsBytes(integers.AsSpan()));
        return new StoredTensor(shape, integers);
    }

    /// <summary>Product of the lengths; -1 if it is larger than the limit, so that a damaged shape cannot overflow.</summary>
    static long Elements(int[] shape, long limit)
    {
        long product = 1;
        foreach (var length in shape)
        {
            product *= length;
            if (product > limit)
            {
                return -1;
            }
        }

        return product;
    }

    static PipelineException Damaged(string path, long offset, string what) =>
        new(ExitCode.InputMissing, $"{path}: damaged at byte {offset}: {what}. Restore the file, or delete its generation and run again.");
}
