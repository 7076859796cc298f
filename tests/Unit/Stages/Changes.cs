using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>Changes of a dataset as its writers make them, for tests that begin with a state.</summary>
static class Changes
{
    static readonly LockHolder Holder = new(1, "mill", null, "a test", DateTimeOffset.UnixEpoch);

    public static void Point(this DataRoot root, string dataset, Artifact artifact, string fingerprint)
    {
        using var held = DatasetLock.Take(root, dataset, Holder);
        held.Staging.Point(artifact, fingerprint);
    }

    public static void Pin(this DataRoot root, string dataset, IReadOnlyDictionary<string, string> pins)
    {
        using var held = DatasetLock.Take(root, dataset, Holder);
        Pins.Write(root, dataset, pins, held.Staging);
    }
}
