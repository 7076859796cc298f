using System.Diagnostics;
using Pipeline.Stages;
using Pipeline.Unit.Host;

namespace Pipeline.Unit.Security;

/// <summary>What may lie in a raw folder beside files: nothing of it is waited for without end, and nothing is taken for ours.</summary>
public sealed class RawEntryTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("pipe")]
    [InlineData("device")]
    [InlineData("nothing")]
    public void What_is_no_file_is_refused_and_not_waited_for(string kind)
    {
        var raw = cli.RawFolder();
        var odd = Path.Combine(raw, "odd.csv");
        if (kind == "pipe")
        {
            Process.Start("mkfifo", odd).WaitForExit();
        }
        else
        {
            File.CreateSymbolicLink(odd, kind == "device" ? "/dev/zero" : "/nowhere");
        }

        var refused = cli.Run("plan", "--set", $"datasets.spotify.raw={raw}");

        Assert.Equal(ExitCode.InputMissing, refused.Code);
        Assert.Contains("odd.csv is no file but a pipe, a socket, a device or a link to nothing", refused.Error);
    }

    [Fact]
    public void A_link_to_a_file_is_that_file_and_a_link_to_a_folder_above_ends()
    {
        var raw = cli.RawFolder();
        File.CreateSymbolicLink(Path.Combine(raw, "linked.csv"), Path.Combine(raw, "songs.csv"));
        Directory.CreateSymbolicLink(Path.Combine(raw, "up"), raw);

        Assert.Equal(ExitCode.Ok, cli.Run("run", "--set", $"datasets.spotify.raw={raw}").Code);
    }

    [Fact]
    public void Names_that_look_like_paths_are_names()
    {
        var raw = cli.RawFolder();
        foreach (var name in Payloads.List.Where(payload => payload.Length is > 0 and < 200 && !payload.AsSpan().ContainsAny("/\0") && payload is not ("." or "..")).Distinct())
        {
            File.WriteAllText(Path.Combine(raw, name), "id\n1\n");
        }

        Assert.Equal(ExitCode.Ok, cli.Run("run", "--set", $"datasets.spotify.raw={raw}").Code);
        Assert.Equal(ExitCode.Ok, cli.Run("verify").Code);
    }
}
