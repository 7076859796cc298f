using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pipeline.Features;
using Pipeline.Kernels;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>model.json: what the numbers of model.safetensors mean.</summary>
public sealed record ModelDescription
{
    /// <summary>Version of this description.</summary>
    public int Format { get; init; } = 1;

    /// <summary>"mamba" or "transformer".</summary>
    public required string Tower { get; init; }

    /// <summary>The tower's option record.</summary>
    public required JsonNode Options { get; init; }

    public required FeatureSpec Users { get; init; }

    public required FeatureSpec Items { get; init; }

    public required int Seed { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>What the labels stood for; says nothing of a sampled softmax, whose pairs have one label.</summary>
    public required LabelTarget Target { get; init; }

    /// <summary>What training made smaller; absent for the mean squared error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LossOptions? Loss { get; init; }

    /// <summary>Learnt numbers in all, both towers.</summary>
    public required long Parameters { get; init; }

    /// <summary>The loss over the validation pairs: the mean squared error, or that of <see cref="Loss"/> in batches as in training.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>Mean training loss of each stretch of training that ends at a step.</summary>
    public required IReadOnlyList<LossPoint> TrainingLoss { get; init; }
}

/// <param name="Step">Where the stretch ends.</param>
public sealed record LossPoint(int Step, float Loss);

/// <summary>Reads and writes a model's folder: model.safetensors and model.json.</summary>
public static class ModelFile
{
    const string WeightsName = "model.safetensors", DescriptionName = "model.json";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>True for the files that a model is loaded from.</summary>
    public static bool IsPart(string name) => name is WeightsName or DescriptionName;

    public static void Write(string folder, ModelDescription description, IKernels kernels, ParameterBlock parameters, int replica)
    {
        var tensors = parameters.Parameters.Select(parameter =>
        {
            var values = new float[parameter.Count];
            kernels.Read(parameter.Value.Replica(replica), values);
            return KeyValuePair.Create(parameter.Name, new StoredTensor(parameter.Shape, values));
        });
        SafeTensors.Write(Path.Combine(folder, WeightsName), [.. tensors], new Dictionary<string, string> { ["tower"] = description.Tower });
        Files.WriteAllText(Path.Combine(folder, DescriptionName), JsonSerializer.Serialize(description, Json) + "\n");
    }

    /// <exception cref="PipelineException">The description is missing or damaged.</exception>
    public static ModelDescription ReadDescription(string folder)
    {
        var path = Path.Combine(folder, DescriptionName);
        try
        {
            return JsonSerializer.Deserialize<ModelDescription>(Files.ReadAllText(path), Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path}: no readable description of a model ({error.Message}). Train it again.");
        }
    }

    public static ITowerOptions TowerOptions(string folder, ModelDescription description)
    {
        var kind = AllTowers.List.FirstOrDefault(tower => tower.Name == description.Tower) ?? throw new PipelineException(
            ExitCode.InputMissing,
            $"{Path.Combine(folder, DescriptionName)}: there is no tower '{description.Tower}'. Known: {string.Join(", ", AllTowers.List.Select(tower => tower.Name))}.");
        try
        {
            return (ITowerOptions)(description.Options.Deserialize(kind.GetType(), Json) ?? throw new JsonException("it is empty"));
        }
        catch (JsonException error)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{Path.Combine(folder, DescriptionName)}: the options of the tower cannot be read ({error.Message}). Train it again.", error);
        }
    }

    /// <summary>Puts the stored weights into replica 0 of a block.</summary>
    /// <exception cref="PipelineException">A parameter is missing or has another shape.</exception>
    public static void ReadWeights(string folder, IKernels kernels, ParameterBlock parameters)
    {
        var path = Path.Combine(folder, WeightsName);
        var file = SafeTensors.Read(path);
        foreach (var parameter in parameters.Parameters)
        {
            if (!file.Tensors.TryGetValue(parameter.Name, out var stored) || !stored.Shape.SequenceEqual(parameter.Shape) || stored.Data is not float[])
            {
                var found = stored is null ? "nothing" : $"[{string.Join(", ", stored.Shape)}]";
                throw new PipelineException(
                    ExitCode.InputMissing, $"{path}: expected '{parameter.Name}' [{string.Join(", ", parameter.Shape)}], found {found}. Train the model again.");
            }

            kernels.Write(stored.Floats, parameter.Value.Replica(0));
        }
    }
}
