using Pipeline.Stages;
using Pipeline.Unit.Faults;

namespace Pipeline.Unit.Stages;

public sealed class FilesTests : IDisposable
{
    readonly TempFolder folder = new();

    [Fact]
    public void A_write_that_falls_short_leaves_half_and_says_so_when_the_buffer_goes_out()
    {
        var path = folder.File("a");
        var error = Assert.Throws<IOException>(() =>
        {
            using (Files.Watch(new CountedFault(FaultKind.ShortWrite, at: 1)))
            {
                using var file = Files.Create(path);
                file.Write("12345678"u8);
                Assert.Equal(0, new FileInfo(path).Length);
            }
        });

        Assert.Equal(28, error.HResult & 0xFFFF);
        Assert.Equal("1234", File.ReadAllText(path));
    }

    [Fact]
    public void A_watched_file_holds_the_bytes_of_one_that_is_not()
    {
        Write(folder.File("plain"));
        using (Files.Watch(new CountedFault(FaultKind.InputOutput, at: 0)))
            Write(folder.File("watched"));

        Assert.Equal(File.ReadAllBytes(folder.File("plain")), File.ReadAllBytes(folder.File("watched")));

        static void Write(string path)
        {
            using var file = Files.Create(path, bufferBytes: 16);
            for (var length = 0; length < 40; length++)
                file.Write(Enumerable.Range(0, length).Select(value => (byte)value).ToArray());
            Files.Flush(file);
        }
    }

    [Fact]
    public void What_has_to_be_new_does_not_empty_what_is_there()
    {
        var path = folder.Write("a", "old");

        Assert.Throws<IOException>(() => Files.Create(path, isNew: true));

        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void What_is_written_again_keeps_nothing_of_what_was_longer()
    {
        Files.WriteAllText(folder.File("a"), "a long text");
        Files.WriteAllText(folder.File("a"), "\u00e4");

        Assert.Equal([0xC3, 0xA4], File.ReadAllBytes(folder.File("a")));
    }

    /// <summary>A page shows the log of a run that is under way.</summary>
    [Fact]
    public void What_is_being_written_can_be_read_and_what_is_added_to_can_be_added_to_by_another()
    {
        using (Files.Create(folder.File("a")))
            File.OpenRead(folder.File("a")).Dispose();
        using (Files.Append(folder.File("b")))
        {
            using (var other = Files.Append(folder.File("b")))
                other.Write("1"u8);
            File.OpenRead(folder.File("b")).Dispose();
        }

        using (var again = Files.Append(folder.File("b")))
            again.Write("2"u8);
        Assert.Equal("12", File.ReadAllText(folder.File("b")));
    }

    [Fact]
    public void Several_read_a_file_at_once()
    {
        var path = folder.Write("a", "text");

        using var stream = Files.OpenRead(path);
        using var handle = Files.OpenHandle(path);

        Assert.Equal("text", Files.ReadAllText(path));
    }

    [Fact]
    public void One_folder_is_made_never_those_above_it()
    {
        Assert.Throws<DirectoryNotFoundException>(() => Files.MakeFolder(folder.File("absent/child")));
        Assert.False(Directory.Exists(folder.File("absent")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_goes_with_all_that_is_in_it_but_not_what_its_links_lead_to(bool isWatched)
    {
        var precious = folder.Write("outside/file", "precious");
        folder.Write("gone/deep/file", "");
        Directory.CreateSymbolicLink(folder.File("gone/deep/link"), folder.File("outside"));

        using (isWatched ? Files.Watch(new CountedFault(FaultKind.InputOutput, at: 0)) : null)
            Files.DeleteFolder(folder.File("gone"));

        Assert.False(Directory.Exists(folder.File("gone")));
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void What_is_replaced_is_old_or_new_whatever_fails()
    {
        using var held = DatasetLock.Take(new DataRoot(folder.Path), "toy", new LockHolder(1, "mill", null, "pipeline run", default));
        var path = folder.Write("toy/a", "old");
        for (var at = 1; at <= 5; at++)
        {
            using (Files.Watch(new CountedFault(FaultKind.InputOutput, at)))
                Assert.Throws<IOException>(() => held.Staging.Replace(path, "new"u8, CrashPoint.PinsBefore));

            // Create, write, flush, rename, flush of the folder: the last comes after the rename.
            Assert.Equal(at < 5 ? "old" : "new", File.ReadAllText(path));
        }
    }

    [Fact]
    public void A_lock_that_could_not_be_signed_is_not_held()
    {
        var root = new DataRoot(folder.Path);
        var holder = new LockHolder(1, "mill", null, "pipeline run", default);

        // Folder of the dataset, lock file, two folders of the writer, signature.
        using (Files.Watch(new CountedFault(FaultKind.NoSpace, at: 5)))
            Assert.Throws<IOException>(() => DatasetLock.Take(root, "toy", holder));

        // Found by the sweep: a process that lives on, as a server does, kept it for ever.
        DatasetLock.Take(root, "toy", holder).Dispose();
    }

    [Fact]
    public void No_stage_and_no_part_of_a_run_goes_to_the_disk_past_this_place()
    {
        string[] folders = ["ingest", "features", "training", "scoring", "jobs/Stages"];
        var direct = new System.Text.RegularExpressions.Regex(@"(?<![\w.])(new FileStream\(|File\.(Write|Create|Delete|Move|Copy|Append|Open)\w*\(|Directory\.(Delete|Move)\()");

        var found = folders.SelectMany(part => Directory.EnumerateFiles(Path.Combine(RealData.Root(), part), "*.cs", SearchOption.AllDirectories))
            // What takers of units write counts only when the store says so: the lab of workers attacks it by killing and stopping them.
            .Where(file => Path.GetFileName(file) is not "Files.cs" && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Stages/Units/", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Where(line => direct.IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"));

        Assert.Empty(found);
    }

    public void Dispose() => folder.Dispose();
}
