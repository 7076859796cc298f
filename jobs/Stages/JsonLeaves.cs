using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>The options of a stage one by one, to be shown and compared.</summary>
public static class JsonLeaves
{
    /// <summary>Every leaf by its dotted path, as JSON text; a list is one leaf. "options" where there is nothing but a value.</summary>
    public static SortedDictionary<string, string> Of(JsonNode? node)
    {
        var leaves = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(node, "");
        return leaves;

        void Collect(JsonNode? value, string path)
        {
            if (value is JsonObject record)
            {
                foreach (var (name, child) in record)
                    Collect(child, path.Length > 0 ? $"{path}.{name}" : name);
            }
            else
            {
                leaves[path.Length > 0 ? path : "options"] = value?.ToJsonString() ?? "null";
            }
        }
    }
}
