namespace Pipeline.Ingest.Datasets;

/// <summary>How many different values the columns of the real articles.csv have, and which belongs to which.</summary>
static class HmSampleTypes
{
    public const int ColourCount = 50, MasterColourCount = 20, ShadeCount = 8, PatternCount = 30;

    const int TypeCount = 132, TypeNameCount = 131, DepartmentCount = 299, DepartmentNameCount = 250, SectionCount = 57, SectionNameCount = 56;

    const int DepartmentsOfIndex = 30, SectionsOfIndex = 6, MainBodies = 9, SmallBodies = 10;

    static readonly string[] Sections = ["Essentials", "Everyday", "Collection", "Trend", "Premium", "Special"];

    static int Garments => HmSampleGarment.List.Count;

    /// <summary>Types of a garment group: 132 of them are dealt out to the 21.</summary>
    public static int VariantsOf(int garment) => ((TypeCount - 1 - garment) / Garments) + 1;

    /// <summary>0 .. 131</summary>
    public static int Type(HmSampleProduct product) => (product.Variant * Garments) + product.Garment;

    /// <summary>The last type shares the name of the first.</summary>
    public static string TypeName(HmSampleProduct product)
    {
        var name = Type(product) % TypeNameCount;
        return HmSampleWords.Type(HmSampleGarment.List[name % Garments], name / Garments);
    }

    /// <summary>The product group: that of its garment, but for the rarest types, which make up the ten small groups.</summary>
    public static int Body(HmSampleProduct product) => product.Variant < VariantsOf(product.Garment) - 1
        ? HmSampleGarment.List[product.Garment].Body
        : MainBodies + (product.Garment % SmallBodies);

    /// <summary>0 .. 298. An index has a department for each garment group and a second one for each of the nine largest; the last index lacks one.</summary>
    public static int Department(HmSampleProduct product)
    {
        var isSecond = product.Garment < DepartmentsOfIndex - Garments && product.Variant % 2 == 1;
        return Math.Min(DepartmentCount - 1, (product.Index * DepartmentsOfIndex) + product.Garment + (isSecond ? Garments : 0));
    }

    /// <summary>250 different ones: the last departments share the names of the first.</summary>
    public static string DepartmentName(int department)
    {
        var name = department % DepartmentNameCount;
        var place = name % DepartmentsOfIndex;
        return $"{HmSampleIndex.List[name / DepartmentsOfIndex].Name}: {HmSampleGarment.List[place % Garments].Name}{(place < Garments ? "" : " plus")}";
    }

    /// <summary>0 .. 56, follows from index and garment group; the last index has three sections only.</summary>
    public static int Section(HmSampleProduct product) =>
        Math.Min(SectionCount - 1, (product.Index * SectionsOfIndex) + (product.Garment % SectionsOfIndex));

    /// <summary>56 different ones: the last section shares the name of the first.</summary>
    public static string SectionName(int section)
    {
        var name = section % SectionNameCount;
        return $"{HmSampleIndex.List[name / SectionsOfIndex].Name}: {Sections[name % SectionsOfIndex]}";
    }
}
