using System.ComponentModel.DataAnnotations;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host.Serving;

/// <summary>`serve` of pipeline.json.</summary>
public sealed record ServeConfiguration : IChecked
{
    [Option("How old the last success of each dataset of 'default' may be before /readyz says that the night is late.", Unit = "hours")]
    [Range(1, 8784)]
    public int ReadyWithinHours { get; init; } = 26;

    [Option("How often in a row a run that the server started is gone on with after a crash or a stop of the server; 0 means never. A schedule's runs have 'retries' instead.", Unit = "times")]
    [Range(0, 100)]
    public int ResumeCrashed { get; init; } = 3;

    [Option("Address under which people reach the dashboard, for links in notifications; null means the one that it listens on.")]
    public string? PublicUrl { get; init; }

    [Option("Who is told of runs that fail, cannot begin or recover.")]
    public WebhookOptions Webhook { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (PublicUrl is not null && (!WebhookOptions.IsAddress(PublicUrl) || PublicUrl.Contains('@')))
        {
            // Links show it to everybody; what stands before an @ may be a password.
            yield return ("publicUrl", $"is {(PublicUrl.Contains('@') ? OptionSecrets.Mask : $"'{PublicUrl}'")}; it must be an address without user and password, such as https://pipeline.example.org.");
        }
    }
}

/// <summary>What a webhook can be told of.</summary>
public enum WebhookEvent
{
    /// <summary>A run failed or crashed, or a schedule's run could not begin and is not tried again.</summary>
    Failure,

    /// <summary>The first success of a schedule's runs, or of a selection's that no schedule asked for, after a failure.</summary>
    Recovery,
}

/// <summary>`serve.webhook` of pipeline.json.</summary>
public sealed record WebhookOptions : IChecked
{
    [Option(
        "Address that gets a POST with JSON; null means nobody is told. Often it holds a token, so no output shows it; PIPELINE_WEBHOOK_URL, or the file in PIPELINE_WEBHOOK_URL_FILE, "
        + "goes first. The secret that signs it is PIPELINE_WEBHOOK_SECRET or the file in PIPELINE_WEBHOOK_SECRET_FILE.", IsSecret = true)]
    public string? Url { get; init; }

    [Option("What is told: that a run failed or crashed, or that a schedule's run could not begin, for lack of room or an invalid configuration for instance (failure); the first success after that (recovery).")]
    public IReadOnlyList<WebhookEvent> On { get; init; } = [WebhookEvent.Failure, WebhookEvent.Recovery];

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (Url is not null && !IsAddress(Url))
        {
            yield return ("url", $"is {OptionSecrets.Mask}; it must be an address such as https://chat.example.org/hook.");
        }
    }

    /// <summary>The same with another address, where there is one.</summary>
    /// <exception cref="PipelineException">It is none (InvalidConfiguration).</exception>
    internal WebhookOptions At(string? url) => url is null || IsAddress(url)
        ? this with { Url = url ?? Url }
        : throw new PipelineException(ExitCode.InvalidConfiguration, $"{Webhook.UrlVariable} is no address; it must be one such as https://chat.example.org/hook.");

    internal static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" };
}
