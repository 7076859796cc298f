using Npgsql;
using Pipeline.Host.Workers;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Workers;

public sealed class StoreAddressTests
{
    const string Secret = "s3cret";

    [Fact]
    public void An_address_names_user_host_port_and_database_and_the_password_comes_from_the_environment()
    {
        var address = StoreAddress.Parse("postgres://anna@db.example:5433/lists?sslmode=verify-full", name => name == StoreAddress.PasswordVariable ? Secret : null);

        using var source = address.Open(isPooled: true);
        var parts = Parts(address);
        Assert.Equal(("anna", "db.example", 5433, "lists", SslMode.VerifyFull, Secret), (parts.Username, parts.Host, parts.Port, parts.Database, parts.SslMode, parts.Password));
        Assert.Equal("postgres://anna@db.example:5433/lists?sslmode=verify-full", address.Text);
        Assert.DoesNotContain(Secret, source.ConnectionString);
    }

    [Fact]
    public void A_password_in_a_file_is_read_without_its_line_end()
    {
        using var folder = new TempFolder();
        var file = folder.Write("password", Secret + "\n");

        var address = StoreAddress.Parse("postgres://anna@/lists?host=/run/postgresql", name => name == StoreAddress.PasswordFileVariable ? file : null);

        Assert.Equal((Secret, "/run/postgresql"), (Parts(address).Password, Parts(address).Host));
    }

    [Fact]
    public void A_password_file_that_is_not_there_is_an_error()
    {
        var error = Assert.Throws<PipelineException>(() =>
            StoreAddress.Parse("postgres://anna@host/lists", name => name == StoreAddress.PasswordFileVariable ? "/nowhere/password" : null));

        Assert.Equal(ExitCode.InputMissing, error.Code);
    }

    [Theory]
    [InlineData("postgres://anna:s3cret@host/lists")]
    [InlineData("postgresql://anna:s3cret@host/lists")]
    [InlineData("postgres://anna@host/lists?password=s3cret")]
    [InlineData("postgres://anna@host/lists?sslmode=require&Password=s3cret")]
    [InlineData("mysql://anna:s3cret@host/lists")]
    [InlineData("anna:s3cret@host/lists")]
    public void A_password_in_the_address_is_refused_and_not_repeated(string text)
    {
        var error = Assert.Throws<PipelineException>(() => StoreAddress.Parse(text, _ => null));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.DoesNotContain(Secret, error.Message);
    }

    [Theory]
    [InlineData("postgres://host/lists", "must name a user and a database")]
    [InlineData("postgres://anna@host", "must name a user and a database")]
    [InlineData("postgres://anna@host/", "must name a user and a database")]
    [InlineData("postgres://anna@/lists", "must name a host")]
    [InlineData("postgres://anna@host:many/lists", "has the port 'many'")]
    [InlineData("postgres://anna@host/lists?sslmode=maybe", "has 'sslmode=maybe'")]
    [InlineData("lists", "must begin with postgres://")]
    public void Another_form_is_refused(string text, string what)
    {
        var error = Assert.Throws<PipelineException>(() => StoreAddress.Parse(text, _ => null));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.Equal($"The address of the store '{text}' {what}", error.Message[..error.Message.IndexOf(what, StringComparison.Ordinal)] + what);
    }

    [Fact]
    public void A_run_with_a_password_in_the_address_exits_3_and_writes_it_nowhere()
    {
        using var cli = new CliFixture();

        var result = cli.Run("run", "--store", "postgres://anna:s3cret@host/lists");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.DoesNotContain(Secret, result.Error);
        Assert.False(Directory.Exists(cli.File("data")));
    }

    [Fact]
    public void A_worker_without_a_store_is_told_how_to_name_one()
    {
        using var cli = new CliFixture();

        var result = cli.Run("work");

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("--store postgres://USER@HOST/DB", result.Error);
    }

    /// <summary>With the password, which no public property shows.</summary>
    static NpgsqlConnectionStringBuilder Parts(StoreAddress address) => new(
        (string)typeof(StoreAddress).GetField("connection", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(address)!);
}
