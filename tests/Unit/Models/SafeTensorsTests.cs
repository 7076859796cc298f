using System.Buffers.Binary;
using System.Text;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Unit.Models;

public sealed class SafeTensorsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("pipeline-safetensors-").FullName;

    string Target => Path.Combine(folder, "m.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_again()
    {
        WriteSample();

        var file = SafeTensors.Read(Target);

        Assert.Equal("7", file.Metadata["step"]);
        Assert.Equal([2, 3], file.Tensors["w"].Shape);
        Assert.Equal([1, -2, float.MaxValue, float.Epsilon, float.NaN, 0], file.Tensors["w"].Floats);
        Assert.Equal([int.MinValue, 5], file.Tensors["n"].Integers);
    }

    [Fact]
    public void Layout_is_length_header_data()
    {
        WriteSample();

        var bytes = File.ReadAllBytes(Target);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        // 6 floats and 2 whole numbers follow a header that ends on a multiple of eight.
        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 8 * 4, bytes.Length);
        Assert.StartsWith("{\"__metadata__\":{\"step\":\"7\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}", Encoding.UTF8.GetString(bytes, 8, length));
    }

    [Fact]
    public void Every_truncation_is_a_clear_error()
    {
        WriteSample();
        var bytes = File.ReadAllBytes(Target);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(Target, bytes[..length]);
            var error = Assert.Throws<PipelineException>(() => SafeTensors.Read(Target));
            Assert.Equal(ExitCode.InputMissing, error.Code);
            Assert.Contains("m.safetensors", error.Message);
        }
    }

    [Fact]
    public void Every_changed_byte_of_the_header_is_read_or_refused_with_a_clear_error()
    {
        WriteSample();
        var bytes = File.ReadAllBytes(Target);
        var header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        for (var i = 0; i < header; i++)
        {
            foreach (var flip in new byte[] { 0x01, 0x10, 0x80, 0xFF })
            {
                var damaged = (byte[])bytes.Clone();
                damaged[i] ^= flip;
                File.WriteAllBytes(Target, damaged);
                if (Record.Exception(() => SafeTensors.Read(Target)) is { } error)
                {
                    Assert.Equal(ExitCode.InputMissing, Assert.IsType<PipelineException>(error).Code);
                }
            }
        }
    }

    [Theory]
    [InlineData("[65536,65536,65536]", "[0,4]")]
    [InlineData("[65536,65536,65536,65536]", "[0,0]")] // the product overflows to 0
    [InlineData("[1]", "[4,0]")]
    [InlineData("[1]", "[-4,0]")]
    [InlineData("[1]", "[0,8]")]
    [InlineData("[-1]", "[0,4]")]
    [InlineData("[-1,-1]", "[0,4]")]
    public void Header_that_lies_about_sizes_is_refused(string shape, string offsets)
    {
        var header = Encoding.UTF8.GetBytes($"{{\"w\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}");
        File.WriteAllBytes(Target, [.. BitConverter.GetBytes((ulong)header.Length), .. header, 0, 0, 0, 0]);

        Assert.Contains("'w'", Assert.Throws<PipelineException>(() => SafeTensors.Read(Target)).Message);
    }

    [Fact]
    public void A_header_of_more_than_16_MiB_is_refused_without_reading_it()
    {
        // A hole takes no place on the disk.
        using (var file = File.Create(Target))
        {
            file.Write(BitConverter.GetBytes((16UL << 20) + 1));
            file.SetLength((16 << 20) + 9);
        }

        Assert.Contains("the header is said to have 16777217 bytes", Assert.Throws<PipelineException>(() => SafeTensors.Read(Target)).Message);
    }

    void WriteSample() => SafeTensors.Write(
        Target,
        [
            new("w", new StoredTensor([2, 3], new[] { 1, -2, float.MaxValue, float.Epsilon, float.NaN, 0 })),
            new("n", new StoredTensor([2], new[] { int.MinValue, 5 })),
        ],
        new Dictionary<string, string> { ["step"] = "7" });
}
