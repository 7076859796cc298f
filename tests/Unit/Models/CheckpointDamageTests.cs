using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Unit.Models;

/// <summary>No manifest holds the digest of a checkpoint, so it holds its own.</summary>
public sealed class CheckpointDamageTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Any_changed_byte_is_told()
    {
        Checkpoint.Write(folder.Path, new CheckpointState(7, [1, 2, 3], [4, 5, 6], [7, 8, 9], 0.5f, [new ProbeStep(1, [3, 4], [[1, 2], [2, 1]], [[1f, 0f], [1f, 0f]], 0.25f)]));
        Assert.Equal(7, Checkpoint.Read(folder.Path).Step);
        var path = folder.File("checkpoint.safetensors");
        var clean = File.ReadAllBytes(path);

        for (var at = 0; at < clean.Length; at++)
        {
            var damaged = (byte[])clean.Clone();
            damaged[at] ^= 1;
            File.WriteAllBytes(path, damaged);
            // The last bytes of the header are blanks; another blank of JSON is no damage.
            if (clean[at] != ' ')
            {
                Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => Checkpoint.Read(folder.Path)).Code);
            }
        }
    }

    [Fact]
    public void Tensors_that_share_bytes_are_refused()
    {
        byte[] header = [.. """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"""u8];
        File.WriteAllBytes(folder.File("m.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[8]]);

        Assert.Contains("shares bytes with others", Assert.Throws<PipelineException>(() => SafeTensors.Read(folder.File("m.safetensors"))).Message);
    }

    [Fact]
    public void Offsets_that_are_no_pair_are_told()
    {
        byte[] header = [.. """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0]}}"""u8];
        File.WriteAllBytes(folder.File("m.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. header]);

        Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => SafeTensors.Read(folder.File("m.safetensors"))).Code);
    }
}
