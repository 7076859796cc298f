using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>Rows of a generation, a page at a time.</summary>
static class Preview
{
    public static Element Of(PageRequest request, ArtifactView artifact, GenerationView shown, Manifest manifest)
    {
        var parts = manifest.Parts.Where(part => part.Rows is not null && part.Path.EndsWith(".parquet", StringComparison.Ordinal)).Select(part => part.Path).ToList();
        if (parts.Count == 0)
        {
            return Show.Section("rows", "Rows", HtmlPage.Paragraph("It holds no table."));
        }

        var part = request.Query("part") ?? parts[0];
        if (!parts.Contains(part))
        {
            throw new PipelineException(ExitCode.Usage, $"{shown.Name} has no table in '{part}'.{NearestNames.Hint(part, parts)}");
        }

        var section = Show.Section("rows", "Rows", Form(artifact, shown, parts, part, request));
        try
        {
            var rows = TablePreview.Read(Inside(shown, part), request.Query("group", 1) - 1, request.Query("from", 1) - 1);
            section.Add(Table(rows));
            section.Add(Pages(artifact, shown, part, rows));
        }
        catch (PipelineException error) when (error.Code == ExitCode.InputMissing)
        {
            section.Add(new Element("p") { ("class", "notice"), error.Message });
        }

        return section;
    }

    static Element Form(ArtifactView artifact, GenerationView shown, IReadOnlyList<string> parts, string part, PageRequest request) => FormField.Ask(
        ArtifactView.Address(artifact.Dataset, artifact.Folder) + "#rows",
        "Show",
        FormField.Hidden("generation", shown.Name),
        FormField.Choice("part", "File", parts, part),
        FormField.Number("group", "Row group", request.Query("group", 1), int.MaxValue),
        FormField.Number("from", "From row", request.Query("from", 1), int.MaxValue));

    static Element Table(TablePreview rows)
    {
        var hidden = rows.AllColumns - rows.Columns.Count;
        return Show.Table(
            $"Rows {Phrase.Count(rows.First + 1)} to {Phrase.Count(rows.First + rows.Rows.Count)} of {Phrase.Count(rows.GroupRows)} of row group {rows.Group + 1} of {rows.Groups}."
                + (hidden > 0 ? $" {Numbers.Of(hidden, "more column")} not shown." : ""),
            ["row ", .. rows.Columns.Select(column => column.Type is Ingest.Tables.ColumnType.String or Ingest.Tables.ColumnType.Bool ? column.Name : column.Name + " ")],
            rows.Rows.Select((row, i) => (IReadOnlyList<Markup>)[Phrase.Count(rows.First + i + 1), .. row.Select(cell => cell ?? (Markup)new Element("i") { ("class", "null"), "null" })]));
    }

    static Element Pages(ArtifactView artifact, GenerationView shown, string part, TablePreview rows)
    {
        var links = new Element("nav") { ("class", "pages"), ("aria-label", "Pages of rows") };
        Add(rows.Previous, "Rows before");
        Add(rows.Next, "Next rows");
        return links;

        void Add((int Group, int First)? page, string text)
        {
            if (page is { } at)
            {
                links.Add(Show.Link($"{ArtifactView.Address(artifact.Dataset, artifact.Folder, shown.Name)}&part={Uri.EscapeDataString(part)}&group={at.Group + 1}&from={at.First + 1}#rows", text));
            }
        }
    }

    /// <summary>A manifest is no reason to read what lies elsewhere.</summary>
    static string Inside(GenerationView shown, string part)
    {
        var path = Path.GetFullPath(Path.Combine(shown.Folder.Path, part));
        return path.StartsWith(shown.Folder.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal) && new FileInfo(path).LinkTarget is null
            ? path
            : throw new PipelineException(ExitCode.InputMissing, $"'{part}' is no file of this generation.");
    }
}
