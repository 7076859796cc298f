using Pipeline.Stages;
using Pipeline.Unit.Host;

namespace Pipeline.Unit.Faults;

/// <summary>A command, and what leads up to it and away from it.</summary>
/// <param name="Before">Commands that make the old state; each must exit with 0.</param>
/// <param name="Act">The command whose file operations fail, one at a time.</param>
/// <param name="Again">What the operator does then; leads to the new state, which an unbroken Act leads to.</param>
sealed record SweptCommand(string Name, IReadOnlyList<string[]> Before, string[] Act, Func<SweptWorld, string[]> Again)
{
    public override string ToString() => Name;
}

/// <summary>
/// Lets every file operation of a command fail once and looks whether the promises hold: the old state or the new, an exit code and a
/// message that tell what to do, nothing damaged, and after doing that the same bytes as if nothing had happened and nothing left over.
/// </summary>
sealed class FaultSweep : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    readonly SweptCommand command;
    readonly SweptWorld old;
    readonly SortedDictionary<string, string> expected;
    readonly SortedDictionary<string, string> pruned;

    public FaultSweep(SweptCommand command, Func<SweptWorld> make)
    {
        this.command = command;
        old = make();
        foreach (var before in command.Before)
        {
            Require(old, before);
        }

        using var unbroken = old.Copy();
        Require(unbroken, command.Act);
        expected = unbroken.State();
        Require(unbroken, Prune);
        pruned = unbroken.State();
    }

    /// <summary>With the settings of the command, so that it knows what could be resumed.</summary>
    string[] Prune => ["prune", .. command.Act.SkipWhile(word => word != "--set")];

    /// <summary>How many operations can fail.</summary>
    public int Count(FaultKind kind)
    {
        using var world = old.Copy();
        var counter = new CountedFault(kind, at: 0);
        using (Files.Watch(counter))
        {
            Require(world, command.Act);
        }

        return counter.Count;
    }

    /// <param name="at">The operation that fails, from 1.</param>
    /// <returns>What does not hold; empty if all does.</returns>
    public IReadOnlyList<string> Try(FaultKind kind, int at)
    {
        using var world = old.Copy();
        var fault = new CountedFault(kind, at);
        CliResult result;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using (Files.Watch(fault))
        {
            result = world.Run(command.Act);
        }

        List<string> wrong = fault.Hit is null ? ["the operation was not reached"] : [.. AfterFault(world, result), .. AfterRemedy(world)];
        if (clock.Elapsed > Limit)
        {
            wrong.Add($"took {clock.Elapsed.TotalSeconds:0} s");
        }

        return [.. wrong.Select(what => $"{command.Name}, {kind} at {at} ({fault.Hit?.Replace(world.Data, "data")}): {what}")];
    }

    public void Dispose() => old.Dispose();

    IEnumerable<string> AfterFault(SweptWorld world, CliResult result)
    {
        var state = world.State();
        if (result.Code == ExitCode.Ok ? !state.SequenceEqual(expected) : result.Code is not (ExitCode.StageFailed or ExitCode.InputMissing or ExitCode.OutOfSpace))
        {
            yield return $"exit {(int)result.Code}: {result.Error}";
        }

        if (result.Code != ExitCode.Ok && !result.Error.Contains("pipeline ", StringComparison.Ordinal))
        {
            yield return $"does not say what to do: {result.Error}";
        }

        var before = old.State();
        foreach (var (path, name) in state.Where(entry => entry.Key.EndsWith("/current", StringComparison.Ordinal)))
        {
            if (name != before.GetValueOrDefault(path) && name != expected.GetValueOrDefault(path))
            {
                yield return $"{path} is {name}, neither old nor new";
            }
        }

        var verify = world.Run(["verify"]);
        if (verify.Code != ExitCode.Ok)
        {
            yield return $"verify: {verify.Out}{verify.Error}";
        }
    }

    IEnumerable<string> AfterRemedy(SweptWorld world)
    {
        var again = world.Run(command.Again(world));
        if (again.Code != ExitCode.Ok)
        {
            yield return $"the remedy exits with {(int)again.Code}: {again.Error}";
        }

        if (Difference(expected, world.State()) is { } after)
        {
            yield return $"after the remedy {after}";
        }

        if (world.Run(Prune) is { Code: not ExitCode.Ok } failed)
        {
            yield return $"prune exits with {(int)failed.Code}: {failed.Error}";
        }

        if (Difference(pruned, world.State()) is { } left)
        {
            yield return $"after prune {left}";
        }

        foreach (var orphan in world.Orphans())
        {
            yield return $"after prune {orphan} is left";
        }
    }

    static string? Difference(SortedDictionary<string, string> wanted, SortedDictionary<string, string> found) =>
        wanted.Keys.Union(found.Keys).Where(key => wanted.GetValueOrDefault(key) != found.GetValueOrDefault(key))
            .Select(key => $"{key} is {found.GetValueOrDefault(key) ?? "absent"}, not {wanted.GetValueOrDefault(key) ?? "absent"}").FirstOrDefault();

    static void Require(SweptWorld world, string[] args)
    {
        if (world.Run(args) is { Code: not ExitCode.Ok } failed)
        {
            throw new InvalidOperationException($"pipeline {string.Join(' ', args)} exits with {failed.Code}: {failed.Error}");
        }
    }
}
