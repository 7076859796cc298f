namespace Pipeline.Host.Workers;

/// <summary>How a unit stands, as the column `state` has it in lower case.</summary>
public enum UnitState
{
    /// <summary>Nobody does it.</summary>
    Waiting,

    /// <summary>Somebody does it, or did until the lease ended.</summary>
    Taken,

    /// <summary>Its result counts.</summary>
    Done,

    /// <summary>It cannot be done; the message says why.</summary>
    Failed,

    /// <summary>Nobody needs it any more.</summary>
    Cancelled,
}

/// <summary>A unit as the store has it.</summary>
/// <param name="Title">"hm/export/mamba, shard 3 of 6".</param>
/// <param name="Fence">How often it has been taken.</param>
/// <param name="Worker">Name of who took it last; null if nobody did.</param>
/// <param name="Done">How far it is, as its worker last said.</param>
/// <param name="Counted">What Done counts, in the plural.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Exit">The exit code that goes with it.</param>
/// <param name="Taken">When it was taken last, by the database's clock.</param>
public sealed record UnitRow(
    long Id, string Run, string Title, UnitState State, long Fence, string? Worker, long? Done, long? Total, string? Counted, string? Message, int? Exit,
    DateTime? Taken)
{
    /// <summary>What its files are; null until it is done.</summary>
    internal string? Result { get; init; }
}
