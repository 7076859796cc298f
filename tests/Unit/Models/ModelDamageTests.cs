using System.Text.Json.Nodes;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Unit.Models;

/// <summary>A stored model that is not what its manifest or its tower says never makes a list.</summary>
public sealed class ModelDamageTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("changed")]
    [InlineData(null)]
    public void Weights_that_are_not_those_of_the_manifest_are_refused(string? text)
    {
        // The SHA-256 of "weights".
        const string Digest = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c";
        if (text is not null)
        {
            folder.Write("model.safetensors", text);
        }

        var manifest = new Manifest
        {
            Artifact = "3-models/mamba",
            Fingerprint = new('0', 64),
            Stage = "toy/train",
            StageVersion = 1,
            Synthetic = false,
            Bytes = 7,
            Parts = [new ManifestPart("model.safetensors", 7, Digest, null)],
            Options = new JsonObject(),
            Parents = [],
            Facts = [],
            ToolVersion = "1",
            Simd = "avx2",
        };
        var error = Assert.Throws<PipelineException>(() => TrainedModel.CheckBytes(new InputFolder(new Artifact("model", "3-models/mamba"), 1, folder.Path, manifest)));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("its SHA-256 is not that of its manifest", error.Message);
    }

    [Theory]
    [InlineData("w", new[] { 3, 2 }, true, "expected 'w' [2, 3], found [3, 2]")]
    [InlineData("w", new[] { 2, 3 }, false, "expected 'w' [2, 3], found [2, 3]")]
    [InlineData("v", new[] { 2, 3 }, true, "expected 'w' [2, 3], found nothing")]
    public void Weights_of_another_name_shape_or_type_are_refused(string name, int[] shape, bool isFloat, string expected)
    {
        SafeTensors.Write(folder.File("model.safetensors"), [new(name, new StoredTensor(shape, isFloat ? new float[6] : new int[6]))], new Dictionary<string, string>());
        using var kernels = new CpuKernels(1);
        var parameters = new ParameterBlock();
        parameters.Add("w", [2, 3], Initialisers.Zeros);
        parameters.Allocate(kernels, 1, isTrained: false);

        Assert.Contains(expected, Assert.Throws<PipelineException>(() => ModelFile.ReadWeights(folder.Path, kernels, parameters)).Message);
    }
}
