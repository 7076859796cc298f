using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>What a power cut must not take away is on the disk before anything is said or built on it.</summary>
public sealed class DurabilityTests : IDisposable
{
    readonly TwoLists toy = new();
    readonly Recorder recorder = new();

    [Fact]
    public async Task Every_line_of_the_ledger_is_on_the_disk_before_the_run_goes_on()
    {
        using (Files.Watch(recorder))
            await toy.NightAsync("first");

        var lines = recorder.After("Write ledger.jsonl");
        Assert.NotEmpty(lines);
        Assert.All(lines, next => Assert.Equal("Flush ledger.jsonl", next));
        Assert.Equal([$"Flush {Path.GetFileName(toy.Root.Path)}"], recorder.After("Create ledger.jsonl"));
    }

    [Fact]
    public async Task A_manifest_is_on_the_disk_as_soon_as_it_is_written()
    {
        using (Files.Watch(recorder))
            await toy.NightAsync("first");

        var writes = recorder.After($"Write {ManifestFile.Name}");
        Assert.NotEmpty(writes);
        Assert.All(writes, next => Assert.Equal($"Flush {ManifestFile.Name}", next));
    }

    [Fact]
    public async Task Pins_that_were_taken_away_do_not_come_back()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        toy.Back();
        using (Files.Watch(recorder))
            toy.Release();

        Assert.Equal(["Flush toy"], recorder.After("Rename .pins.json"));
    }

    [Fact]
    public void A_checkpoint_is_on_the_disk_before_it_takes_the_place_of_the_one_before()
    {
        using (Files.Watch(recorder))
            Checkpoint.Write(Directory.CreateDirectory(toy.Root.Path).FullName, new CheckpointState(1, [1], [2], [3], 0, []));

        Assert.Equal(["Create checkpoint.safetensors.new", "Write checkpoint.safetensors.new", "Flush checkpoint.safetensors.new", "Rename checkpoint.safetensors"], recorder.Operations);
    }

    public void Dispose() => toy.Dispose();

    /// <summary>Operations in order, with the last part of the path.</summary>
    sealed class Recorder : IFileFaults
    {
        readonly Lock gate = new();

        public List<string> Operations { get; } = [];

        public FileFault? Before(FileOperation operation, string path)
        {
            lock (gate)
                Operations.Add($"{operation} {Path.GetFileName(path)}");
            return null;
        }

        /// <summary>What came directly after each time that this happened.</summary>
        public IReadOnlyList<string> After(string operation) =>
            [.. Operations.Zip(Operations.Skip(1)).Where(pair => pair.First == operation).Select(pair => pair.Second)];
    }
}
