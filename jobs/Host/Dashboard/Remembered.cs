namespace Pipeline.Host.Dashboard;

/// <summary>
/// What takes too long to be worked out for every page: it is made in the background when <paramref name="stamp"/> has changed or it is older
/// than <paramref name="age"/>, and until the new one is there the last one is shown. Thread-safe.
/// </summary>
/// <param name="stamp">Of what it is made from: another number means that it is out of date.</param>
sealed class Remembered<T>(Func<Task<T>> make, Func<long> stamp, TimeProvider clock, TimeSpan age)
    where T : class
{
    /// <summary>How much longer a reader waits where there is nothing older to show.</summary>
    const int FirstTime = 20;

    readonly Lock gate = new();
    Task<T>? making;
    T? last;
    long madeOf;
    long madeAt;

    /// <summary>The value as of now, or the last one if that takes longer than <paramref name="patience"/>; null if after a longer wait there is still none.</summary>
    public T? Get(TimeSpan patience)
    {
        var current = Current();
        Task.WaitAny([current], last is null ? patience * FirstTime : patience);
        return current.IsCompleted ? current.GetAwaiter().GetResult() : last;
    }

    Task<T> Current()
    {
        lock (gate)
        {
            var now = stamp();
            if (making is null || (making.IsCompleted && (madeOf != now || clock.GetElapsedTime(madeAt) > age)))
            {
                last = making is { IsCompletedSuccessfully: true } done ? done.Result : last;
                (madeOf, madeAt) = (now, clock.GetTimestamp());
                making = make();
            }

            return making;
        }
    }
}
