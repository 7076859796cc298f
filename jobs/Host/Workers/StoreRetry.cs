using Npgsql;

namespace Pipeline.Host.Workers;

/// <summary>Asks a database again while it is away, in longer and longer steps.</summary>
/// <param name="patience">After so long the answer is an error.</param>
/// <param name="note">Told once per time that it is away.</param>
sealed class StoreRetry(StoreAddress address, NpgsqlDataSource source, TimeSpan patience, TimeProvider clock, Action<string> note)
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(5);

    /// <param name="ask">May be asked again although it had been done, if only the answer was lost.</param>
    public async Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        for (var wait = Shortest; ; wait = Longer(wait))
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                return await ask(connection);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                if (!StoreErrors.IsLost(error) || clock.GetElapsedTime(started) > patience)
                {
                    throw StoreErrors.Explain(address, error);
                }

                if (wait == Shortest)
                {
                    note($"The store {address.Text} does not answer ({error.Message.TrimEnd('.')}). Trying again for {patience.TotalSeconds:0} s.");
                }
            }

            await Task.Delay(wait, clock, cancellation);
        }
    }

    public static TimeSpan Longer(TimeSpan wait) => wait * 2 > Longest ? Longest : wait * 2;
}
