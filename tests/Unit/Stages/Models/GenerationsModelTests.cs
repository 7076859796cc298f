using FsCheck;
using FsCheck.Fluent;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages.Models;

public sealed class GenerationsModelTests
{
    const int Labels = 3, Sequences = 60, LongestSequence = 12;

    static readonly Gen<IReadOnlyList<OperatorStep>> Steps =
        from count in Gen.Choose(1, LongestSequence)
        from steps in Gen.ArrayOf(Step(), count)
        select (IReadOnlyList<OperatorStep>)[new OperatorStep(Deed.Night, 0), .. steps];

    [Fact]
    public void Whatever_an_operator_does_the_disk_is_as_a_model_in_memory_says() =>
        Chance.ForAll(Sequences, Steps, steps => Chance.Shorter(steps).Where(shorter => shorter.Count > 0 && shorter[0].Deed == Deed.Night), Compare);

    static Gen<OperatorStep> Step() =>
        from deed in Gen.Frequency(
            (4, Gen.Constant(Deed.Night)), (1, Gen.Constant(Deed.DeadNight)), (2, Gen.Constant(Deed.Back)), (1, Gen.Constant(Deed.BackMamba)), (2, Gen.Constant(Deed.BackTo)),
            (2, Gen.Constant(Deed.Release)), (1, Gen.Constant(Deed.ReleaseMamba)), (1, Gen.Constant(Deed.PublishTo)), (1, Gen.Constant(Deed.Prune)))
        from label in Gen.Choose(0, Labels - 1)
        select new OperatorStep(deed, label);

    static void Compare(IReadOnlyList<OperatorStep> steps)
    {
        using var toy = new TwoLists();
        var names = Enumerable.Range(0, Labels).Select(label => NamesOf(toy, label)).ToList();
        var model = new GenerationsModel();
        foreach (var (index, step) in steps.Index())
        {
            var done = string.Join(", ", steps.Take(index + 1));

            var expected = model.Do(step);

            Assert.Equal((done, expected), (done, Do(toy, step, names)));
            toy.Users.Toy = new ToyOptions { Label = $"{model.Wanted}" };
            Assert.Equal((done, Name(model.Current.Mamba, 0), Name(model.Current.Transformer, 1)), (done, toy.Current.Mamba, toy.Current.Transformer));
            var pins = Pins.Read(toy.Root, "toy");
            Assert.Equal((done, Name(model.Pins.Mamba, 0), Name(model.Pins.Transformer, 1)), (done, pins.GetValueOrDefault(TwoLists.Mamba), pins.GetValueOrDefault(TwoLists.Transformer)));
            Assert.Equal((done, Sorted(model.Mamba, 0)), (done, OnDisk(toy, TwoLists.Mamba)));
            Assert.Equal((done, Sorted(model.Transformer, 1)), (done, OnDisk(toy, TwoLists.Transformer)));
            Assert.Equal((done, model.IsDone), (done, toy.Plan().IsDone));
        }

        Assert.Empty(new Verifier(toy.Root).Verify("toy", onlyCurrent: false, new RecordingListener(), CancellationToken.None).Findings);

        string? Name(int? label, int list) => label is { } known ? names[known][list] : null;

        string Sorted(IEnumerable<int> labels, int list) => string.Join(' ', labels.Select(label => names[label][list]).Order(StringComparer.Ordinal));
    }

    static ExitCode Do(TwoLists toy, OperatorStep step, List<string[]> names)
    {
        try
        {
            switch (step.Deed)
            {
                case Deed.Night or Deed.DeadNight:
                    toy.Publish.Then = step.Deed == Deed.Night ? null : (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The model is dead.");
                    var exit = toy.NightAsync($"{step.Label}").GetAwaiter().GetResult().Exit;
                    toy.Publish.Then = null;
                    return exit;
                case Deed.Back:
                    toy.Back();
                    break;
                case Deed.BackMamba:
                    toy.Back(TwoLists.Mamba);
                    break;
                case Deed.BackTo:
                    toy.Back(to: names[step.Label][0]);
                    break;
                case Deed.Release:
                    toy.Release();
                    break;
                case Deed.ReleaseMamba:
                    toy.Release(TwoLists.Mamba);
                    break;
                case Deed.PublishTo:
                    return toy.PublishAsync(names[step.Label][0]).GetAwaiter().GetResult().Exit;
                default:
                    toy.Prune();
                    break;
            }

            return ExitCode.Ok;
        }
        catch (PipelineException error)
        {
            return error.Code;
        }
    }

    /// <summary>Of both lists, made with a label.</summary>
    static string[] NamesOf(TwoLists toy, int label)
    {
        toy.Users.Toy = new ToyOptions { Label = $"{label}" };
        return [toy.Planned(toy.MambaLists).Fingerprint[..DataRoot.NameLength], toy.Planned(toy.TransformerLists).Fingerprint[..DataRoot.NameLength]];
    }

    static string OnDisk(TwoLists toy, string artifact) => !Directory.Exists(toy.Folder(artifact, "")) ? "" : string.Join(' ', new DirectoryInfo(toy.Folder(artifact, ""))
        .EnumerateDirectories().Where(child => child.LinkTarget is null).Select(child => child.Name).Order(StringComparer.Ordinal));
}
