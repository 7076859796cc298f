using System.Diagnostics;
using Npgsql;
using Pipeline.Host.Workers;

namespace Pipeline.Unit.Host.Workers;

/// <summary>
/// A real PostgreSQL server of the test's own, in a temporary folder and on a socket in it, so no port is taken. Every test has a database to itself. The
/// server refuses to be root; then the system's user `postgres` or `nobody` runs it.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    const int ServerStarts = 60;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-pg-");
    Process? server;
    int databases;

    public PostgresServer()
    {
        if (Binary("postgres") is null || Binary("initdb") is not { } initdb)
        {
            return;
        }

        if (Environment.IsPrivilegedProcess)
        {
            Wait(Process.Start("chown", [Owner(), folder.FullName]));
        }

        Wait(Start(initdb, "-D", Data, "-U", "pipeline", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"));
        Start();
    }

    string Data => Path.Combine(folder.FullName, "db");

    /// <summary>Makes the server answer, for the first time or again after <see cref="Stop"/>.</summary>
    public void Start()
    {
        server = Start(Binary("postgres")!, "-D", Data, "-k", folder.FullName, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60");
        Until(() =>
        {
            Execute("postgres", "SELECT 1");
            return true;
        });
    }

    /// <summary>The address of a new, empty database.</summary>
    public string NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref databases)}";
        Execute("postgres", $"CREATE DATABASE {name}");
        return $"postgres://pipeline@/{name}?host={folder.FullName}";
    }

    internal static StoreAddress Parse(string address) => StoreAddress.Parse(address, _ => null);

    /// <summary>Opened, and closed by whoever asked for it.</summary>
    internal static async Task<NpgsqlConnection> ConnectAsync(string address)
    {
        var source = Parse(address).Open(isPooled: false);
        return await source.OpenConnectionAsync();
    }

    /// <summary>A signal to the server: -INT ends it at once, and every connection with it.</summary>
    public void Stop()
    {
        if (server is not null)
        {
            // The server's own process: what started it, if anything, has become it.
            Wait(Process.Start("kill", ["-INT", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
            server.WaitForExit();
            server.Dispose();
            server = null;
        }
    }

    public void Dispose()
    {
        Stop();
        folder.Delete(recursive: true);
    }

    /// <summary>On the PATH, or where Debian keeps it; null if it is not on this machine.</summary>
    public static string? Binary(string name)
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(debian).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>A liveness limit, far beyond what it takes.</summary>
    internal static void Until(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (condition())
                {
                    return;
                }
            }
            catch (NpgsqlException) when (limit.Elapsed.TotalSeconds < ServerStarts)
            {
                continue;
            }

            Assert.True(limit.Elapsed.TotalSeconds < ServerStarts, "It did not come to pass in time.");
            Thread.Yield();
        }
    }

    void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection($"Host={folder.FullName};Username=pipeline;Database={database};Pooling=false;Timeout=10");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    static string Owner() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.IsPrivilegedProcess ? "setpriv" : program,
        Environment.IsPrivilegedProcess ? ["--reuid", Owner(), "--clear-groups", program, .. arguments] : arguments)
    {
        WorkingDirectory = "/",
    })!;

    static void Wait(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}

/// <summary>All tests with a database share one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}

/// <summary>A test with a real database; skipped, with the reason, where there is no server to start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Binary("initdb") is null || PostgresServer.Binary("postgres") is null)
        {
            Skip = "PostgreSQL's server (initdb, postgres) is not on this machine: apt-get install postgresql.";
        }
    }
}
