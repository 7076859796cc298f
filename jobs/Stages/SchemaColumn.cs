namespace Pipeline.Stages;

/// <summary>A column of a table artifact, as manifest.json names it.</summary>
/// <param name="Type">bool, int32, int64, float, double, string, date or timestamp.</param>
public sealed record SchemaColumn(string Name, string Type, bool IsOptional);
