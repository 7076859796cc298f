namespace Pipeline.Host.Terminal;

/// <summary>How fast one stage goes and how long it will take, from the reports it gave so far.</summary>
/// <remarks>The rate counts from the first report on, so that a resumed stage does not count what it did not do now.</remarks>
sealed class ProgressMeter(TimeProvider clock)
{
    readonly long started = clock.GetTimestamp();
    long firstDone = -1;
    long firstTime;
    long lastTime;

    public long Done { get; private set; }

    /// <summary>0 until the stage says how much there is.</summary>
    public long Total { get; private set; }

    /// <summary>What is counted, in the plural.</summary>
    public string Unit { get; private set; } = "";

    public TimeSpan Elapsed => clock.GetElapsedTime(started);

    /// <summary>0 .. 1.</summary>
    public double Fraction => Total > 0 ? Math.Clamp((double)Done / Total, 0, 1) : 0;

    /// <summary>Per second; null until two reports are apart.</summary>
    public double? Rate
    {
        get
        {
            var seconds = clock.GetElapsedTime(firstTime, lastTime).TotalSeconds;
            return firstDone >= 0 && Done > firstDone && seconds > 0 ? (Done - firstDone) / seconds : null;
        }
    }

    public TimeSpan? Left => Rate is { } rate && Total >= Done ? TimeSpan.FromSeconds((Total - Done) / rate) : null;

    public void Report(long done, long total, string unit)
    {
        lastTime = clock.GetTimestamp();
        // A new unit is a new part of the work: its rate has nothing to do with the last one's.
        if (firstDone < 0 || unit != Unit || done < Done)
        {
            firstDone = done;
            firstTime = lastTime;
        }

        (Done, Total, Unit) = (done, total, unit);
    }

    /// <summary>"1,200 of 5,000 steps, 98 steps/s, 39 s left".</summary>
    public override string ToString()
    {
        var text = Total > 0 ? $"{Phrase.Count(Done)} of {Phrase.Count(Total)} {Unit}" : $"{Phrase.Count(Done)} {Unit}";
        if (Rate is { } rate)
        {
            text += FormattableString.Invariant($", {(rate < 10 ? rate.ToString("0.0", null) : Phrase.Count((long)rate))} {Unit}/s");
        }

        return Left is { } left ? $"{text}, {Phrase.Duration(left)} left" : text;
    }
}
