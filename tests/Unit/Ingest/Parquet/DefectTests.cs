namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>What the lab attacks the reader with by hand, each a test of its own.</summary>
public sealed class DefectTests : IDisposable
{
    readonly TempFolder folder = new();

    public static TheoryData<string> Names { get; } = new(AllDefects.List.Select(defect => defect.Name));

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_defect_is_told_and_what_is_only_odd_is_read(string name)
    {
        var defect = AllDefects.List.Single(known => known.Name == name);
        var file = folder.File("table.parquet");
        defect.Write(file);

        if (defect.IsRefused)
        {
            Assert.Contains(file, DamageTests.Fails(file).Message);
        }
        else
        {
            DamageTests.ReadAll(file);
        }
    }
}
