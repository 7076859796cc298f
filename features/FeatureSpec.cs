using System.Text.Json.Serialization;

namespace Pipeline.Features;

/// <summary>A feature with a fixed number of values, encoded as 0 .. Cardinality - 1.</summary>
public sealed record CategoryFeature(string Name, int Cardinality);

/// <summary>What a row of an encoded table means, and so what a tower needs to know of its input.</summary>
/// <param name="Numeric">Names of the numeric features, in the order of the columns.</param>
/// <param name="Categories">The categorical features, in the order of the columns.</param>
public sealed record FeatureSpec(IReadOnlyList<string> Numeric, IReadOnlyList<CategoryFeature> Categories)
{
    /// <summary>Tokens that a tower sees per row: one per feature, and [CLS].</summary>
    [JsonIgnore]
    public int Tokens => Numeric.Count + Categories.Count + 1;
}
