using System.Globalization;
using CsvHelper;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Writes articles.csv, with all columns of the real file but detail_desc: made-up sentences would be most of its bytes and tell a model nothing.</summary>
static class HmSampleArticleFile
{
    /// <summary>Shares of the first values of two columns, as measured on the real sample.</summary>
    static readonly double[] Patterns = [0.471, 0.163, 0.056, 0.047, 0.046, 0.03], Shades = [0.405, 0.21, 0.149, 0.12, 0.06, 0.05];

    /// <summary>How many articles have a perceived colour other than that of their colour group.</summary>
    const double OtherColour = 0.05;

    public static void Write(string path, HmSampleCatalogue catalogue, RandomStream random)
    {
        using var writer = CsvWriter.ToFile(path, CsvWriterOptions.Default with { NewLine = "\n" });
        writer.WriteRecord(
        [
            "article_id", "product_code", "prod_name", "product_type_no", "product_type_name", "product_group_name",
            "graphical_appearance_no", "graphical_appearance_name", "colour_group_code", "colour_group_name",
            "perceived_colour_value_id", "perceived_colour_value_name", "perceived_colour_master_id", "perceived_colour_master_name",
            "department_no", "department_name", "index_code", "index_name", "index_group_no", "index_group_name",
            "section_no", "section_name", "garment_group_no", "garment_group_name",
        ]);
        foreach (var article in catalogue.AllArticles)
        {
            writer.WriteRecord([.. Cells(article, catalogue.Products[article.Product], random)]);
        }
    }

    static string[] Cells(HmSampleArticle article, HmSampleProduct product, RandomStream random)
    {
        var pattern = HmSampleChance.Category(Patterns, HmSampleTypes.PatternCount, random);
        var shade = HmSampleChance.Category(Shades, HmSampleTypes.ShadeCount, random);
        var master = random.NextDouble() < OtherColour ? random.NextInt(HmSampleTypes.MasterColourCount) : article.Colour % HmSampleTypes.MasterColourCount;
        var garment = HmSampleGarment.List[product.Garment];
        var index = HmSampleIndex.List[product.Index];
        var type = HmSampleTypes.TypeName(product);
        var department = HmSampleTypes.Department(product);
        var section = HmSampleTypes.Section(product);
        return
        [
            article.Number.ToString("D10", CultureInfo.InvariantCulture), Text(product.Code), HmSampleWords.Name(product.Name, type),
            Text(HmSampleTypes.Type(product) + 1), type, HmSampleWords.Body(HmSampleTypes.Body(product)),
            Text(1_010_001 + pattern), HmSampleWords.Pattern(pattern), Text(article.Colour + 1), HmSampleWords.Colour(article.Colour),
            Text(shade + 1), HmSampleWords.Shade(shade), Text(master + 1), HmSampleWords.MasterColour(master),
            Text(1_000 + department), HmSampleTypes.DepartmentName(department), index.Code, index.Name, Text(index.Group + 1), HmSampleIndex.Groups[index.Group],
            Text(section + 1), HmSampleTypes.SectionName(section), Text(1_001 + product.Garment), garment.Name,
        ];
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
