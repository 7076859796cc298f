using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class VerifierTests
{
    [Fact]
    public async Task A_sound_dataset_has_no_findings()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        var all = Verify(toy);
        var current = Verify(toy, onlyCurrent: true);

        Assert.Empty(all.Findings);
        // a, b, count, 3 x (train, model, test list), list, report; current: one of each.
        Assert.Equal((14, 8), (all.Generations, current.Generations));
    }

    [Fact]
    public async Task Any_flipped_byte_of_any_file_is_found()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        foreach (var file in Directory.GetFiles(toy.CurrentFolder("1-tables/a")))
        {
            var bytes = File.ReadAllBytes(file);
            for (var i = 0; i < bytes.Length; i++)
            {
                // Another bit in each byte, so that all eight have their turn.
                var flip = (byte)(1 << i % 8);
                bytes[i] ^= flip;
                File.WriteAllBytes(file, bytes);
                Assert.Equal(Path.GetFileName(file), Assert.Single(Verify(toy).Findings).File);
                bytes[i] ^= flip;
            }

            File.WriteAllBytes(file, bytes);
        }

        Assert.Empty(Verify(toy).Findings);
    }

    [Fact]
    public async Task A_cut_or_lengthened_file_is_found_wherever_it_is_cut()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var manifest = Path.Combine(toy.CurrentFolder("1-tables/a"), ManifestFile.Name);
        var text = File.ReadAllText(manifest);
        for (var length = 0; length < text.Length; length += 7)
        {
            File.WriteAllText(manifest, text[..length]);
            Assert.Equal(ManifestFile.Name, Assert.Single(Verify(toy).Findings).File);
        }

        File.WriteAllText(manifest, text + " ");
        Assert.Equal(ManifestFile.Name, Assert.Single(Verify(toy).Findings).File);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_current_is_found()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var current = Path.Combine(Path.GetDirectoryName(toy.CurrentFolder("1-tables/a"))!, "current");
        File.Delete(current);
        Directory.CreateDirectory(current);

        var finding = Assert.Single(Verify(toy).Findings);

        Assert.Equal("toy/1-tables/a/current: is no link to a generation; move it away, and the next run makes the link", finding.ToString());
    }

    [Fact]
    public async Task Missing_extra_and_swapped_things_are_found()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var (a, b) = (toy.CurrentFolder("1-tables/a"), toy.CurrentFolder("1-tables/b"));
        File.Delete(Path.Combine(a, "out.txt"));
        Directory.CreateDirectory(Path.Combine(a, "deep"));
        File.WriteAllText(Path.Combine(a, "deep", "extra"), "");
        File.CreateSymbolicLink(Path.Combine(a, "link"), "/");
        File.Copy(Path.Combine(a, ManifestFile.Name), Path.Combine(b, ManifestFile.Name), overwrite: true);

        var findings = Verify(toy).Findings;

        Assert.Equal(
            ["1-tables/a deep/extra is not in the manifest", "1-tables/a link is not in the manifest", "1-tables/a out.txt is missing"],
            findings.Where(finding => finding.Artifact == "1-tables/a").Select(finding => $"{finding.Artifact} {finding.File} {finding.Problem}"));
        Assert.StartsWith("belongs to 1-tables/a/", Assert.Single(findings, finding => finding.Artifact == "1-tables/b").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_current_that_points_nowhere_is_found()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        Directory.Delete(toy.CurrentFolder("1-tables/a"), recursive: true);

        Assert.Equal("current points at a generation that is not there", Assert.Single(Verify(toy).Findings).Problem);
    }

    static VerifyResult Verify(ToyPipeline toy, bool onlyCurrent = false) =>
        new Verifier(toy.Root).Verify("toy", onlyCurrent, new RecordingListener(), CancellationToken.None);
}
