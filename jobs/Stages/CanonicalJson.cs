using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>One text per value: keys in ordinal order, no white space, numbers as System.Text.Json writes them (shortest, invariant).</summary>
static class CanonicalJson
{
    public static byte[] Bytes(JsonNode? node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(writer, node);
        return stream.ToArray();
    }

    /// <summary>SHA-256 of the canonical text: 64 hexadecimal digits.</summary>
    public static string Digest(JsonNode? node) => Convert.ToHexStringLower(SHA256.HashData(Bytes(node)));

    static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject record:
                writer.WriteStartObject();
                foreach (var (name, value) in record.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var value in list)
                    Write(writer, value);
                writer.WriteEndArray();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
