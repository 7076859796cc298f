using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Pipeline.Unit.Stages.Models;

/// <summary>Properties over many drawn cases, always the same ones; a case that fails is made smaller before it is shown.</summary>
static class Chance
{
    const ulong Seed = 20261121, Gamma = 9;

    public static void ForAll<T>(int cases, Gen<T> gen, Func<T, IEnumerable<T>> smaller, Action<T> holds) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(Seed, Gamma), FSharpOption<int>.None))),
            Prop.ForAll(Arb.From(gen, smaller), holds));

    /// <summary>The list without one of its entries.</summary>
    public static IEnumerable<IReadOnlyList<T>> Shorter<T>(IReadOnlyList<T> list) =>
        Enumerable.Range(0, list.Count).Select(gone => (IReadOnlyList<T>)[.. list.Take(gone), .. list.Skip(gone + 1)]);
}
