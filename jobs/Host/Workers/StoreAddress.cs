using Npgsql;
using Pipeline.Stages;

namespace Pipeline.Host.Workers;

/// <summary>Where the store is and how one gets in. What it shows of itself has no password.</summary>
sealed class StoreAddress
{
    public const string PasswordVariable = "PIPELINE_STORE_PASSWORD";
    public const string PasswordFileVariable = "PIPELINE_STORE_PASSWORD_FILE";

    /// <summary>What is wrong with an address that holds a password.</summary>
    public const string PasswordElsewhere = $"holds a password, which others could read in the list of processes and in the ledger. Put it into {PasswordVariable}, or into a file named by {PasswordFileVariable}";

    const string Form = "postgres://USER@HOST[:PORT]/DB";
    const int TimeoutSeconds = 10;

    readonly string connection;

    StoreAddress(string text, string connection) => (Text, this.connection) = (text, connection);

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>True if something stands where a password would.</summary>
    public static bool MayHoldPassword(string text)
    {
        var begin = text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var mark = text.IndexOf('?');
        var user = text[begin..(mark < begin ? text.Length : mark)];
        return user.LastIndexOf('@') is var at and >= 0 && user[..at].Contains(':') || mark >= 0 && text[mark..].Contains("password", StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="text">postgres://USER@HOST[:PORT]/DB, with ?sslmode=... or ?host=SOCKET_FOLDER where needed.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="PipelineException">It has another form, or holds a password (InvalidConfiguration).</exception>
    public static StoreAddress Parse(string text, Func<string, string?> variable)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "pipeline",
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            TcpKeepAlive = true,
        };
        var rest = text.StartsWith("postgres://", StringComparison.Ordinal) ? text["postgres://".Length..]
            : text.StartsWith("postgresql://", StringComparison.Ordinal) ? text["postgresql://".Length..]
            : throw Invalid("must begin with postgres://", text.Contains('@') ? null : text);
        var mark = rest.IndexOf('?');
        var (path, query) = mark >= 0 ? (rest[..mark], rest[(mark + 1)..]) : (rest, "");
        var at = path.LastIndexOf('@');
        if (MayHoldPassword(text))
        {
            throw Invalid(PasswordElsewhere, null);
        }

        var slash = path.IndexOf('/', at + 1);
        if (at <= 0 || slash < 0 || slash == path.Length - 1)
        {
            throw Invalid("must name a user and a database", text);
        }

        builder.Username = Uri.UnescapeDataString(path[..at]);
        builder.Database = Uri.UnescapeDataString(path[(slash + 1)..]);
        SetHost(builder, path[(at + 1)..slash], text);
        foreach (var setting in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            SetOption(builder, setting, text);
        }

        builder.Host = string.IsNullOrEmpty(builder.Host) ? throw Invalid("must name a host", text) : builder.Host;
        builder.Password = Password(variable);
        return new StoreAddress(text, builder.ConnectionString);
    }

    /// <summary>Opens connections: pooled for many short questions, or one at a time that is closed when it is disposed of.</summary>
    public NpgsqlDataSource Open(bool isPooled) =>
        new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connection) { Pooling = isPooled }.ConnectionString).Build();

    static void SetHost(NpgsqlConnectionStringBuilder builder, string host, string text)
    {
        var colon = host.LastIndexOf(':');
        var isPort = colon >= 0 && !host.EndsWith(']');
        builder.Host = Uri.UnescapeDataString(isPort ? host[..colon] : host).Trim('[', ']');
        if (isPort)
        {
            builder.Port = ushort.TryParse(host[(colon + 1)..], out var port) ? port : throw Invalid($"has the port '{host[(colon + 1)..]}'", text);
        }
    }

    static void SetOption(NpgsqlConnectionStringBuilder builder, string setting, string text)
    {
        var name = setting.Split('=')[0];
        var value = Uri.UnescapeDataString(setting[Math.Min(setting.Length, name.Length + 1)..]);
        switch (name)
        {
            case "host":
                builder.Host = value;
                break;
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", ""), ignoreCase: true, out var mode):
                builder.SslMode = mode;
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            default:
                throw Invalid($"has '{setting}'; known are host=SOCKET_FOLDER, sslmode=disable|prefer|require|verify-ca|verify-full and sslrootcert=FILE", text);
        }
    }

    static string? Password(Func<string, string?> variable)
    {
        if (variable(PasswordVariable) is { Length: > 0 } password)
        {
            return password;
        }

        if (variable(PasswordFileVariable) is not { Length: > 0 } file)
        {
            return null;
        }

        return File.Exists(file)
            ? File.ReadAllText(file).TrimEnd('\r', '\n')
            : throw new PipelineException(ExitCode.InputMissing, $"{PasswordFileVariable} names {file}, which is not there.");
    }

    /// <param name="shown">Null for an address that may hold a password.</param>
    static PipelineException Invalid(string what, string? shown) =>
        new(ExitCode.InvalidConfiguration, $"The address of the store{(shown is null ? "" : $" '{shown}'")} {what}. It has the form {Form}.");
}
