using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class InputFolderTests
{
    [Theory]
    [InlineData("../out.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("link")]
    public async Task A_stage_reads_no_file_outside_of_the_generation_that_it_was_given(string name)
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var folder = toy.CurrentFolder("1-tables/a");
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "/etc/passwd");
        var input = new InputFolder(toy.Read.Writes[0], null, folder, ManifestFile.Read(folder));

        Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => input.File(name)).Code);
        Assert.Equal(Path.Combine(folder, "out.txt"), input.File("out.txt"));
    }
}
