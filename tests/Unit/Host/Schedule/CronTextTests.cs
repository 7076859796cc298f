using System.Text.Json;

namespace Pipeline.Unit.Host.Schedule;

public sealed class CronTextTests
{
    [Theory]
    [InlineData("UTC", "T02:30:00+00:00")]
    [InlineData("Asia/Kolkata", "T02:30:00+05:30")]
    public async Task An_expression_is_read_in_the_zone_of_its_schedule_whatever_that_of_the_machine(string zone, string expected)
    {
        using var night = new Nightly();
        File.WriteAllText(Path.Combine(night.Folder, "pipeline.json"), $$"""{ "schedules": { "nightly": { "cron": "30 2 * * *", "timeZone": "{{zone}}" } } }""");

        using var process = night.Start(new Dictionary<string, string> { ["TZ"] = "Pacific/Auckland" }, "schedule", "next", "--json");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();

        Assert.True(output.Length > 0, await error);
        var fires = JsonDocument.Parse(output).RootElement.GetProperty("fires").EnumerateArray().Select(fire => fire.GetProperty("local").GetString()!).ToList();
        Assert.Equal(5, fires.Count);
        Assert.All(fires, local => Assert.EndsWith(expected, local));
    }
}
