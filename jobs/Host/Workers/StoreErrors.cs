using System.Net.Sockets;
using Npgsql;
using Pipeline.Stages;

namespace Pipeline.Host.Workers;

/// <summary>What goes wrong with a database, told apart: it is away and will come back, or somebody has to do something.</summary>
static class StoreErrors
{
    /// <summary>True if the same may succeed on a new connection.</summary>
    public static bool IsLost(Exception error) => error switch
    {
        PostgresException known => known.IsTransient || known.SqlState is "57P01" or "57P02" or "57P03" or "57P05" or "40001" or "40P01",
        NpgsqlException known => known.IsTransient,
        SocketException or TimeoutException or ObjectDisposedException => true,
        InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };

    /// <summary>What the operator is told.</summary>
    /// <param name="error">Lost for too long, or one that will not go away by itself.</param>
    public static PipelineException Explain(StoreAddress address, Exception error) => error switch
    {
        PipelineException known => known,
        PostgresException { SqlState: "28P01" or "28000" or "3D000" or "42501" } refused => new PipelineException(
            ExitCode.InvalidConfiguration,
            $"The store {address.Text} refuses: {refused.MessageText}. Correct the address or the password ({StoreAddress.PasswordVariable}), or let an administrator "
            + "make the database and grant the right to create a schema in it.",
            error),
        PostgresException { SqlState: "25006" } readOnly => new PipelineException(
            ExitCode.InvalidConfiguration,
            $"The store {address.Text} can only be read: {readOnly.MessageText}. Name the database that is written to and no replica of it, or lift its default_transaction_read_only; then: pipeline resume",
            error),
        PostgresException { SqlState: "53300" } crowded => new PipelineException(
            ExitCode.Busy,
            $"The store {address.Text} has no connection left: {crowded.MessageText}. Let other clients of it end, or raise its max_connections; then: pipeline resume",
            error),
        NpgsqlException { IsTransient: false } and not PostgresException => new PipelineException(
            ExitCode.InvalidConfiguration,
            $"The store {address.Text} cannot be used: {error.Message.TrimEnd('.')}. The password is read from {StoreAddress.PasswordVariable}, or from the file that "
            + $"{StoreAddress.PasswordFileVariable} names.",
            error),
        _ => new PipelineException(
            ExitCode.InputMissing, $"The store {address.Text} does not answer: {error.Message.TrimEnd('.')}. Start the database or correct the address, then do the same again.", error),
    };
}
