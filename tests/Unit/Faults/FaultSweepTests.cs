using Xunit.Abstractions;

namespace Pipeline.Unit.Faults;

/// <summary>Every file operation of every command that writes, failing once in every way.</summary>
public sealed class FaultSweepTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. AllSweptCommands.List.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_operation_fails_the_old_or_the_new_state_is_there_and_the_remedy_leads_to_the_new(string name)
    {
        using var sweep = new FaultSweep(AllSweptCommands.List.Single(command => command.Name == name), AllSweptCommands.Make);
        var wrong = new List<string>();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var count = sweep.Count(kind);
            Assert.NotEqual(0, count);
            output.WriteLine($"{name}, {kind}: {count} operations");
            for (var at = 1; at <= count; at++)
            {
                wrong.AddRange(sweep.Try(kind, at));
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} findings:\n{string.Join('\n', wrong.Take(40))}");
    }
}
