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
        File.WriteAllText(Path.Combine(a, "deep", "out.txt"), "");
        File.CreateSymbolicLink(Path.Combine(a, "link"), "/");
        File.Copy(Path.Combine(a, ManifestFile.Name), Path.Combine(b, ManifestFile.Name), overwrite: true);

        var findings = Verify(toy).Findings;

        Assert.Equal(
            ["1-tables/a deep/out.txt is not in the manifest", "1-tables/a link is not in the manifest", "1-tables/a out.txt is missing"],
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

    [Theory]
    [InlineData("\"stageVersion\": 1,", "\"stageVersion\": 1,\n  \"stageVersion\": 1,")]
    [InlineData("\"label\": \"a\"", "\"label\": \"a\",\n    \"label\": \"a\"")]
    [InlineData("\"digest\": \"", "\"digest\": 5,\n  \"other\": \"")]
    public async Task A_manifest_that_says_something_twice_or_has_no_digest_is_damaged(string text, string damaged)
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var manifest = Path.Combine(toy.CurrentFolder("1-tables/a"), ManifestFile.Name);
        Assert.Contains(text, File.ReadAllText(manifest));

        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(text, damaged, StringComparison.Ordinal));

        Assert.StartsWith("is damaged (", Assert.Single(Verify(toy).Findings).Problem);
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_says_why()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var manifest = Path.Combine(toy.CurrentFolder("1-tables/a"), ManifestFile.Name);
        File.Delete(manifest);
        Directory.CreateDirectory(manifest);

        Assert.StartsWith("cannot be read (", Assert.Single(Verify(toy).Findings).Problem);
    }

    [Fact]
    public async Task A_part_that_is_a_link_to_the_same_bytes_is_found()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var (part, elsewhere) = (Path.Combine(toy.CurrentFolder("1-tables/a"), "out.txt"), Path.Combine(toy.Root.Path, "out.txt"));
        File.Move(part, elsewhere);
        File.CreateSymbolicLink(part, elsewhere);

        Assert.Equal("is a link, not a file", Assert.Single(Verify(toy).Findings).Problem);
    }

    [Fact]
    public async Task A_generation_under_the_name_of_another_is_found()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var folder = toy.CurrentFolder("1-tables/a");
        var fingerprint = ManifestFile.Read(folder).Fingerprint;
        Directory.Move(folder, Path.Combine(Path.GetDirectoryName(folder)!, "0123456789abcdef"));

        Assert.Contains(Verify(toy).Findings, finding => finding.Generation == "0123456789abcdef" && finding.Problem == $"belongs to 1-tables/a/{fingerprint}");
    }

    [Fact]
    public async Task What_a_killed_run_left_unfinished_is_not_damaged()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        Directory.CreateDirectory(toy.Root.Partial("toy", "00000000deadbeef", toy.Count.Writes[0], toy.Planned(toy.Count).Fingerprint));

        var result = Verify(toy);

        Assert.Empty(result.Findings);
        Assert.Equal(2, result.Generations);
    }

    [Fact]
    public async Task What_is_pinned_and_not_current_is_there_all_the_same()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var old = toy.Root.Current("toy", toy.Read.Writes[0])!;
        toy.Read.Version = 2;
        await toy.RunAsync("toy/read");
        toy.Root.Pin("toy", new Dictionary<string, string> { ["1-tables/a"] = old });

        Assert.Empty(Verify(toy, onlyCurrent: true).Findings);
    }

    [Fact]
    public async Task How_much_has_been_read_is_told_after_each_generation()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var (a, b) = (Bytes("1-tables/a"), Bytes("1-tables/b"));
        var listener = new RecordingListener();

        var result = new Verifier(toy.Root).Verify("toy", onlyCurrent: false, listener, CancellationToken.None);

        Assert.Equal(a + b, result.Bytes);
        Assert.Equal([(a, a + b), (a + b, a + b)], listener.Progressed);

        long Bytes(string artifact) => new FileInfo(Path.Combine(toy.CurrentFolder(artifact), "out.txt")).Length;
    }

    [Fact]
    public async Task One_generation_alone_can_be_read()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var generation = DatasetScan.Of(toy.Root, "toy").Generations[0];
        Assert.Empty(Verifier.Verify("toy", generation, CancellationToken.None));

        File.AppendAllText(Path.Combine(generation.Path, "out.txt"), " ");
        Assert.Equal("out.txt", Assert.Single(Verifier.Verify("toy", generation, CancellationToken.None)).File);

        File.AppendAllText(Path.Combine(generation.Path, ManifestFile.Name), " ");
        Assert.Equal(ManifestFile.Name, Assert.Single(Verifier.Verify("toy", generation, CancellationToken.None)).File);
    }

    [Fact]
    public async Task It_stops_when_it_is_cancelled()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");

        Assert.Throws<OperationCanceledException>(() => new Verifier(toy.Root).Verify("toy", onlyCurrent: false, new RecordingListener(), new CancellationToken(canceled: true)));
    }

    /// <summary>Else every rollback would read gigabytes first.</summary>
    [Fact]
    public async Task A_glance_looks_at_sizes_and_reads_no_part()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync("toy/read");
        var part = Path.Combine(toy.CurrentFolder("1-tables/a"), "out.txt");
        File.WriteAllBytes(part, new byte[new FileInfo(part).Length]);

        Assert.Null(new Verifier(toy.Root).Glance("toy", "1-tables/a", toy.Root.Current("toy", toy.Read.Writes[0])!));
        Assert.Single(Verify(toy).Findings);
    }

    static VerifyResult Verify(ToyPipeline toy, bool onlyCurrent = false) =>
        new Verifier(toy.Root).Verify("toy", onlyCurrent, new RecordingListener(), CancellationToken.None);
}
