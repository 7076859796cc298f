using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;
using Pipeline.Stages;

namespace Pipeline.Integrations;

/// <summary>Where Hangfire keeps its jobs: memory, or the PostgreSQL that <see cref="Variable"/> names.</summary>
static class HangfireStorage
{
    /// <summary>A connection string of Npgsql. It holds a password, so it is no option of the command line.</summary>
    public const string Variable = "PIPELINE_HANGFIRE_POSTGRES";

    const string Schema = "pipeline_hangfire";

    /// <param name="connection">Null or empty for memory.</param>
    /// <exception cref="PipelineException">The database does not answer.</exception>
    public static JobStorage Open(string? connection)
    {
        if (string.IsNullOrEmpty(connection))
        {
            return new InMemoryStorage();
        }

        var options = new PostgreSqlStorageOptions
        {
            SchemaName = Schema,
            QueuePollInterval = TimeSpan.FromSeconds(1),

            // A job that goes on says so all the time; else it would be fetched again after 30 minutes, to no effect (HangfireTickets).
            UseSlidingInvisibilityTimeout = true,
        };
        try
        {
            return new PostgreSqlStorage(new NpgsqlConnectionFactory(connection, options), options);
        }
        catch (Exception error) when (error is NpgsqlException or ArgumentException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{Variable}: the database cannot be used: {error.Message}", error);
        }
    }
}
