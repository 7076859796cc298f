using Xunit.Abstractions;

namespace Pipeline.Unit.Faults;

/// <summary>A writer that stood still, before every file operation of every command that writes, while another took over.</summary>
public sealed class TakeoverSweepTests(ITestOutputHelper output)
{
    const string Raw = "datasets.spotify.raw=raw", Longer = "datasets.spotify.training.steps=7", Longest = "datasets.spotify.training.steps=9";

    static readonly string[] FirstNight = ["run", "spotify", "--set", Raw], ThirdNight = [.. FirstNight, "--set", Longest];

    /// <summary>The other makes the same generations where that is the harder case, else it makes, points at or pins what the first is about to take away.</summary>
    static readonly Dictionary<string, string[]> Rivals = new()
    {
        ["first night"] = FirstNight,
        ["second night"] = [.. FirstNight, "--set", Longer],
        ["the same by force"] = ["run", "spotify", "--force", "--set", Raw],
        ["back to earlier options"] = ThirdNight,
        ["publish"] = ThirdNight,
        ["rollback"] = ThirdNight,
        ["release"] = ThirdNight,
        ["prune"] = FirstNight,
    };

    public static TheoryData<string> Names => [.. AllSweptCommands.List.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whoever_lost_a_dataset_before_any_operation_leaves_it_as_the_other_did_and_says_so(string name)
    {
        using var sweep = new TakeoverSweep(AllSweptCommands.List.Single(command => command.Name == name), Rivals[name]);
        var held = sweep.Held();
        var tries = Enumerable.Range(held.Start.Value, held.End.Value - held.Start.Value + 1).Select(sweep.Try).ToList();
        var wrong = tries.Select(each => each.Finding).OfType<string>().ToList();

        output.WriteLine($"{name}: {tries.Count} operations, {tries.Count(each => each.IsTold)} times told");
        Assert.True(wrong.Count == 0, $"{wrong.Count} findings:\n{string.Join('\n', wrong.Take(40))}");
        Assert.Contains(tries, each => each.IsTold);
    }
}
