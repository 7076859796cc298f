namespace Pipeline.Host.Dashboard;

/// <summary>So many wrong tokens a second are looked at, of all readers together; while there were more, the login page looks at none.</summary>
/// <remarks>Probes show the token in a header and are not held up: 16 letters are not guessed over a network.</remarks>
sealed class GuessLimit(TimeProvider clock)
{
    const int PerSecond = 5;

    readonly Lock gate = new();
    long second;
    int wrong;

    public bool IsReached
    {
        get
        {
            lock (gate)
            {
                Turn();
                return wrong >= PerSecond;
            }
        }
    }

    public void Wrong()
    {
        lock (gate)
        {
            Turn();
            wrong++;
        }
    }

    void Turn()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (now != second)
        {
            (second, wrong) = (now, 0);
        }
    }
}
