using Pipeline.Features;

namespace Pipeline.Models;

/// <summary>What one seed trains on and is watched with.</summary>
/// <param name="Seed">Of the weights and of the order of the pairs.</param>
/// <param name="Target">What the labels of Train and Validation stand for.</param>
/// <param name="ProbeUsers">Test users (positions in Test) whose lists are followed.</param>
public sealed record TrainingSet(int Seed, EncodedTable Users, EncodedTable Items, Pairs Train, Pairs Validation, TestUsers Test, int[] ProbeUsers, LabelTarget Target)
{
    /// <summary>Of the training pairs' items; null where the loss draws none.</summary>
    public ItemFrequencies? Frequencies { get; init; }

    /// <summary>What users are known to have taken: no negative of theirs; null where the loss has none.</summary>
    public History? History { get; init; }

    /// <summary>The first so many test users that have something to find.</summary>
    public static int[] ChooseProbeUsers(TestUsers test, int count) =>
        [.. Enumerable.Range(0, test.Users.Length).Where(user => test.Relevant[user].Length > 0).Take(count)];
}
