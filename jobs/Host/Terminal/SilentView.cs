namespace Pipeline.Host.Terminal;

/// <summary>Under --quiet.</summary>
sealed class SilentView : IProgressView
{
    public void Started(string stage)
    {
    }

    public void Progress(string stage, long done, long total, string unit)
    {
    }

    public void Finished(string stage, string result, TimeSpan duration)
    {
    }

    public void Dispose()
    {
    }
}
