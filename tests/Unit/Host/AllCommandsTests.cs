using Pipeline.Host;
using Pipeline.Host.Commands;

namespace Pipeline.Unit.Host;

public class AllCommandsTests
{
    [Theory]
    [InlineData("verify", true)]
    [InlineData("runs show 1", true)]
    [InlineData("config show", true)]
    [InlineData("run", false)]
    [InlineData("prune", false)]
    [InlineData("schedule list", false)]
    public void A_verb_that_only_looks_can_be_left_wherever_it_is(string line, bool expected)
    {
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = "/" };

        Assert.Equal(expected, AllCommands.OnlyLooks(AllCommands.Tree(context, new CommonOptions()).Parse(line)));
    }
}
