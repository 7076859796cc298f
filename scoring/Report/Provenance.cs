using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Where the numbers come from: every generation that was read, what made it, and with which options.</summary>
static class Provenance
{
    public static Element Of(Results results)
    {
        var section = HtmlPage.Section(
            "Where the numbers come from",
            HtmlPage.Table(
                "What the report read. A fingerprint stands for everything that a generation depends on; the same fingerprint means the same content.",
                ["Artifact", "Seed", "Fingerprint", "Made by", "Data", "Tool", "Width"],
                results.Inputs.Select(manifest => (IReadOnlyList<string>)
                [
                    manifest.Artifact, manifest.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none", manifest.Fingerprint[..Math.Min(16, manifest.Fingerprint.Length)],
                    $"{manifest.Stage}, version {manifest.StageVersion}", manifest.Synthetic ? "generated" : "real", manifest.ToolVersion, manifest.Simd,
                ])));
        section.Add(new Element("details") { new Element("summary") { "Options of every stage" }, Options(results.Inputs) });
        return section;
    }

    static Element Options(IReadOnlyList<Manifest> inputs)
    {
        var body = new Element("tbody");
        foreach (var manifest in inputs.DistinctBy(manifest => manifest.Stage))
        {
            body.Add(new Element("tr")
            {
                new Element("th") { ("scope", "row"), manifest.Stage },
                new Element("td") { new Element("code") { manifest.Options.ToJsonString(JsonSerializerOptions.Web) } },
            });
        }

        var head = new Element("tr") { new Element("th") { ("scope", "col"), "Stage" }, new Element("th") { ("scope", "col"), "Options" } };
        return new Element("table") { new Element("caption") { "Options as they are part of the fingerprints." }, new Element("thead") { head }, body };
    }
}
