using Pipeline.Models.Layers;

namespace Pipeline.Models.Towers;

/// <summary>A kind of tower: its options and the layers that they stand for.</summary>
public interface ITowerOptions
{
    /// <summary>As in folder names and reports: "mamba".</summary>
    string Name { get; }

    /// <summary>C</summary>
    int TokenWidth { get; }

    HeadOptions Head { get; }

    /// <summary>How many numbers the layers learn.</summary>
    long LayerParameters { get; }

    /// <summary>Builds the layers between tokenizer and head; the last gives the [CLS] token alone.</summary>
    IReadOnlyList<ILayer> BuildLayers(LayerScope scope);
}
