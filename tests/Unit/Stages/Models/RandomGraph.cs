using FsCheck;
using FsCheck.Fluent;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages.Models;

/// <summary>Stages of which each may read any before it, what of them was made under earlier versions, and words that select.</summary>
/// <param name="Reads">Whether stage i reads stage j: at i * Count + j, for j below i.</param>
/// <param name="IsMade">Whether a stage was made, under its first version.</param>
/// <param name="IsRaised">Whether its version has been raised since.</param>
/// <param name="Words">Of the selection grammar; none selects all.</param>
sealed record RandomGraph(int Count, bool[] Reads, bool[] IsMade, bool[] IsRaised, bool IsReversed, IReadOnlyList<string> Words)
{
    const int Most = 7;

    public static Gen<RandomGraph> Gen { get; } =
        from count in FsCheck.Fluent.Gen.Choose(1, Most)
        from reads in Bools(Most * Most, 3)
        from made in Bools(Most, 2)
        from raised in Bools(Most, 4)
        from reversed in Bools(1, 2)
        from words in FsCheck.Fluent.Gen.ListOf(Word(count)).Resize(3)
        select new RandomGraph(count, reads, made, raised, reversed[0], [.. words]);

    /// <summary>Some names have a segment before them, so that beginnings and `*` have something to match.</summary>
    public static string Name(int stage) => stage % 3 == 0 ? $"group/s{stage}" : $"s{stage}";

    public bool IsRead(int reader, int writer) => writer < reader && Reads[(reader * Most) + writer];

    public StageGraph Graph(bool isNow)
    {
        var stages = Enumerable.Range(0, Count).Select(stage => new ToyStage(
            Name(stage), [.. Enumerable.Range(0, stage).Where(writer => IsRead(stage, writer)).Select(Folder)], [Folder(stage)])
        {
            Version = isNow && IsRaised[stage] ? 2 : 1,
        });
        return new StageGraph("toy", [.. IsReversed ? stages.Reverse() : stages], [1]);
    }

    public IEnumerable<RandomGraph> Smaller() =>
    [
        .. Chance.Shorter(Words).Select(words => this with { Words = words }),
        .. Enumerable.Range(0, Reads.Length).Where(edge => Reads[edge]).Select(edge => this with { Reads = [.. Reads.Index().Select(read => read.Item && read.Index != edge)] }),
    ];

    public override string ToString() =>
        $"{Count} stages; reads {string.Join(' ', Enumerable.Range(0, Count * Count).Where(pair => IsRead(pair / Count, pair % Count)).Select(pair => $"{Name(pair / Count)}<-{Name(pair % Count)}"))}; "
        + $"made {string.Join(' ', Names(IsMade))}; raised {string.Join(' ', Names(IsRaised))}; words {string.Join(' ', Words)}";

    static string Folder(int stage) => $"1-made/s{stage}";

    IEnumerable<string> Names(bool[] which) => Enumerable.Range(0, Count).Where(stage => which[stage]).Select(Name);

    static Gen<bool[]> Bools(int count, int oneOf) => FsCheck.Fluent.Gen.ArrayOf(FsCheck.Fluent.Gen.Choose(1, oneOf).Select(drawn => drawn == 1), count);

    static Gen<string> Word(int count) =>
        from stage in FsCheck.Fluent.Gen.Choose(0, count - 1)
        from name in FsCheck.Fluent.Gen.Elements($"toy/{Name(stage)}", $"*/{Name(stage)}", "toy/group", "toy", "state:stale", $"toy/*/s{stage / 3 * 3}")
        from before in FsCheck.Fluent.Gen.Elements("", "+")
        from after in FsCheck.Fluent.Gen.Elements("", "+")
        select before + name + after;
}
