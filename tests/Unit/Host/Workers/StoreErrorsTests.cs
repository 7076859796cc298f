using Npgsql;
using Pipeline.Host.Workers;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Workers;

public sealed class StoreErrorsTests
{
    // Codes of PostgreSQL's appendix A: read_only_sql_transaction, too_many_connections.
    [Theory]
    [InlineData("25006", ExitCode.InvalidConfiguration, "can only be read", "no replica")]
    [InlineData("53300", ExitCode.Busy, "has no connection left", "max_connections")]
    public void A_database_that_answers_is_not_said_to_be_silent(string state, ExitCode code, string what, string advice)
    {
        var address = StoreAddress.Parse("postgres://pipeline@mill/nights", _ => null);

        var error = StoreErrors.Explain(address, new PostgresException("as the server says it", "ERROR", "ERROR", state));

        Assert.Equal(code, error.Code);
        Assert.StartsWith($"The store postgres://pipeline@mill/nights {what}: as the server says it.", error.Message);
        Assert.Contains(advice, error.Message);
    }
}
