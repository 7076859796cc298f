using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class DatasetScanTests
{
    [Fact]
    public void A_folder_that_somebody_takes_away_while_it_is_looked_through_holds_nothing()
    {
        using var folder = new TempFolder();
        var pruned = Directory.CreateDirectory(folder.File("3-models"));
        Assert.True(pruned.Exists);
        Directory.Delete(pruned.FullName);

        Assert.Empty(DatasetScan.In(pruned));
    }
}
