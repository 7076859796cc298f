namespace Pipeline.Models.Towers;

/// <summary>The kinds of towers, with their default options.</summary>
public static class AllTowers
{
    public static IReadOnlyList<ITowerOptions> List { get; } = [new MambaOptions(), new TransformerOptions()];
}
