namespace Pipeline.Lab.Crash;

/// <summary>A command of a scenario. It is given until it ends well, as an operator would.</summary>
sealed record Step(params IReadOnlyList<string> Words)
{
    /// <summary>The same for when it may be done already; then it changes nothing.</summary>
    public IReadOnlyList<string> Again { get; init; } = Words;

    /// <summary>What another process may do at the same time without changing where all ends.</summary>
    public IReadOnlyList<Other> Beside { get; init; } = [];

    /// <summary>What an operator may do after a crash, before giving the command again. After a crash at a named point it is the first of these that is right.</summary>
    public IReadOnlyList<Other> Between { get; init; } = [];
}

/// <summary>A command that is no step.</summary>
/// <param name="IfPinned">Right only while lists of this dataset are pinned; null for always.</param>
sealed record Other(IReadOnlyList<string> Words, string? IfPinned = null)
{
    public bool IsPrune => Words[0] == "prune";
}
