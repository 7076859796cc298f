using System.Text;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public class StandardStreamTests
{
    static readonly IOException Full = new("No space left on device", 0x1C);

    [Fact]
    public void Progress_that_cannot_be_written_ends_nothing_and_goes_on_when_it_can()
    {
        using var terminal = new Refusing { Error = Full };
        using var stream = new StandardStream(terminal, isResult: false);

        stream.WriteLine("lost");
        terminal.Error = null;
        stream.WriteLine("there");

        Assert.Equal("there\n", terminal.Taken);
    }

    [Fact]
    public void A_result_that_cannot_be_written_is_told_once_and_nothing_follows_it()
    {
        using var file = new Refusing { Error = Full };
        using var stream = new StandardStream(file, isResult: true);

        var error = Assert.Throws<PipelineException>(() => stream.WriteLine("{"));
        file.Error = null;
        stream.WriteLine("{ error }");

        Assert.Equal(ExitCode.OutOfSpace, error.Code);
        Assert.StartsWith("Standard output cannot be written: No space left on device. ", error.Message);
        Assert.Empty(file.Taken);
    }

    [Fact]
    public void An_output_that_was_closed_is_one_that_nobody_waits_for()
    {
        using var closed = new Refusing { Error = new UnauthorizedAccessException("Access to the path is denied.") };
        using var stream = new StandardStream(closed, isResult: true);

        stream.WriteLine("lost");

        Assert.Empty(closed.Taken);
    }

    sealed class Refusing : TextWriter
    {
        readonly StringBuilder taken = new();

        public Exception? Error { get; set; }

        public string Taken => taken.ToString();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            if (Error is not null)
            {
                throw Error;
            }

            taken.Append(value).Append('\n');
        }
    }
}
