using System.Diagnostics;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class DatasetLockTests : IDisposable
{
    static readonly LockHolder Holder = new(4711, "mill", "20261121-003512-417", "pipeline run toy", new DateTimeOffset(2026, 11, 21, 0, 35, 12, TimeSpan.Zero));

    readonly TempFolder folder = new();
    readonly DataRoot root;

    public DatasetLockTests() => root = new DataRoot(folder.Path);

    [Fact]
    public void The_second_writer_is_told_who_is_first()
    {
        using var first = DatasetLock.Take(root, "toy", Holder);

        var error = Assert.Throws<PipelineException>(() => DatasetLock.Take(root, "toy", Holder with { Pid = 1 }));

        Assert.Equal(ExitCode.Busy, error.Code);
        Assert.Equal(
            "toy is being written by process 4711 on mill since 2026-11-21 00:35:12 UTC (run 20261121-003512-417): pipeline run toy. Wait for it to end, or stop it: kill 4711",
            error.Message);
    }

    [Fact]
    public void It_is_free_at_once_though_a_child_that_is_being_started_has_a_copy_of_the_open_file()
    {
        var first = DatasetLock.Take(root, "toy", Holder);
        var file = Directory.GetFiles("/proc/self/fd").Single(descriptor => File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName == Path.Combine(root.Dataset("toy"), ".lock"));
        var copy = Duplicate(int.Parse(Path.GetFileName(file), System.Globalization.CultureInfo.InvariantCulture));

        first.Dispose();

        using (DatasetLock.Take(root, "toy", Holder))
            Assert.Equal(0, Close(copy));
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "dup")]
    static extern int Duplicate(int descriptor);

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "close")]
    static extern int Close(int descriptor);

    [Fact]
    public void Other_datasets_are_free()
    {
        using var first = DatasetLock.Take(root, "toy", Holder);
        using var second = DatasetLock.Take(root, "other", Holder);

        Assert.Equal(Holder, DatasetLock.Holder(root, "toy"));
    }

    [Fact]
    public void Looking_does_not_take_it()
    {
        Assert.Null(DatasetLock.Holder(root, "toy"));
        DatasetLock.Take(root, "toy", Holder).Dispose();
        Assert.Null(DatasetLock.Holder(root, "toy"));
        DatasetLock.Take(root, "toy", Holder).Dispose();
    }

    [Fact]
    public void A_shorter_name_leaves_nothing_of_a_longer_one()
    {
        DatasetLock.Take(root, "toy", Holder with { Command = new string('x', 200) }).Dispose();
        using var second = DatasetLock.Take(root, "toy", Holder);

        Assert.Equal(Holder, DatasetLock.Holder(root, "toy"));
    }

    [FlockFact]
    public void It_holds_between_processes_and_is_freed_by_kill_9()
    {
        DatasetLock.Take(root, "toy", Holder).Dispose();
        var path = Path.Combine(folder.Path, "toy", ".lock");
        using var other = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 9<>'{path}'; flock -x 9; echo held; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Equal(ExitCode.Busy, Assert.Throws<PipelineException>(() => DatasetLock.Take(root, "toy", Holder)).Code);

        other.Kill();
        other.WaitForExit();

        DatasetLock.Take(root, "toy", Holder).Dispose();
    }

    public void Dispose() => folder.Dispose();
}

/// <summary>Needs the command flock, which is on every Debian.</summary>
sealed class FlockFactAttribute : FactAttribute
{
    public FlockFactAttribute() => Skip = File.Exists("/usr/bin/flock") ? null : "There is no /usr/bin/flock on this machine.";
}
