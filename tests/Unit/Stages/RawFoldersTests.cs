using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class RawFoldersTests : IDisposable
{
    readonly TempFolder folder = new();
    readonly HandClock clock = new();
    readonly DataRoot root;

    public RawFoldersTests()
    {
        root = new DataRoot(folder.File("data"));
        Directory.CreateDirectory(root.Path);
        folder.Write("raw/a.csv", "aaaa");
        folder.Write("raw/deep/b.csv", "bbbb");
        // Far after the files were written, so that their stamps can be trusted.
        clock.Now = new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    string Cache => Path.Combine(root.Path, ".raw-hashes.json");

    [Fact]
    public void Files_are_named_relative_to_the_folder_with_their_digests()
    {
        // SHA-256 of "aaaa" and "bbbb", from sha256sum.
        Assert.Equal(
            [
                KeyValuePair.Create("a.csv", "61be55a8e2f6b4e172338bddf184d6dbee29c98853e0a0485ecee7f27b9af0b4"),
                KeyValuePair.Create("deep/b.csv", "81cc5b17018674b401b42f35ba07bb79e211239c23bffe658da1577e3e646877"),
            ],
            Read().Folder.Files);
    }

    [Fact]
    public void A_file_that_is_as_it_was_is_not_read_again()
    {
        var first = Read();

        var second = Read();

        Assert.Equal((2, 0), (first.FilesRead, second.FilesRead));
        Assert.Equal(first.Folder.Digest, second.Folder.Digest);
    }

    [Fact]
    public void A_changed_byte_is_seen_even_if_size_and_time_of_change_are_put_back()
    {
        // A round time: what can be set is coarser than what the file system keeps.
        var modified = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var path = folder.File("raw/a.csv");
        File.SetLastWriteTimeUtc(path, modified);
        var before = Read();
        File.WriteAllText(path, "aaab");
        File.SetLastWriteTimeUtc(path, modified);

        var after = Read();

        Assert.Equal(1, after.FilesRead);
        Assert.NotEqual(before.Folder.Digest, after.Folder.Digest);
    }

    [Fact]
    public void A_file_that_was_only_just_written_is_read_every_time()
    {
        clock.Now = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Read();

        Assert.Equal(2, Read().FilesRead);
    }

    [Fact]
    public void Any_damage_to_the_cache_is_harmless()
    {
        var digest = Read().Folder.Digest;
        var bytes = File.ReadAllBytes(Cache);
        for (var i = 0; i < bytes.Length; i += 7)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 1;
            File.WriteAllBytes(Cache, damaged);

            Assert.Equal(digest, Read().Folder.Digest);
        }

        Assert.Equal(0, Read().FilesRead);
    }

    [Fact]
    public void A_link_to_a_folder_above_does_not_loop()
    {
        Directory.CreateSymbolicLink(folder.File("raw/deep/up"), folder.File("raw"));

        Assert.Equal(2, Read().Folder.Files.Count);
    }

    [Fact]
    public void An_empty_folder_is_refused()
    {
        Directory.Delete(folder.File("raw"), recursive: true);
        Directory.CreateDirectory(folder.File("raw/deep"));

        Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => Read()).Code);
    }

    public void Dispose() => folder.Dispose();

    (RawFolder Folder, int FilesRead) Read()
    {
        var raw = new RawFolders(root, clock);
        var read = raw.Read("toy", folder.File("raw"));
        raw.Save();
        return (read, raw.FilesRead);
    }
}
