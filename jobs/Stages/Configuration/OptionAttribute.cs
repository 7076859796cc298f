namespace Pipeline.Stages.Configuration;

/// <summary>
/// What pipeline.schema.json, `config show` and the error messages say about an option. The default is the property's
/// initial value; the range is a <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/>.
/// </summary>
/// <param name="meaning">One sentence, without the name.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string meaning) : Attribute
{
    public string Meaning { get; } = meaning;

    /// <summary>"steps", "pairs", "seconds"; null where the number has none.</summary>
    public string? Unit { get; init; }

    /// <summary>True for what not everybody may read: it is taken from the file alone, not from --set, and no output, message or ledger shows it.</summary>
    public bool IsSecret { get; init; }
}
