using Pipeline.Unit.Host;

namespace Pipeline.Unit.Security;

public class SecretTests
{
    [Fact]
    public async Task What_is_in_the_environment_stays_there()
    {
        const string Secret = "hunter2-of-the-nightly-run";
        using var night = new Nightly();
        foreach (var args in new string[][] { ["run"], ["config", "show"], ["doctor"], ["runs", "show"], ["runs", "list", "--json"] })
        {
            using var process = night.Start(new Dictionary<string, string> { ["PIPELINE_TOKEN"] = Secret }, args);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();

            Assert.DoesNotContain(Secret, await output + await error);
        }

        var files = Directory.GetFiles(night.Data, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
        Assert.All(files, file => Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Secret)) >= 0, file));
        Assert.True(files.Length > 30);
    }
}
