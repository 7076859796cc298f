using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Stages;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Pipeline.Host.Serving;

/// <summary>
/// Tells an address outside of runs that failed, could not begin or recovered, whichever process ran them: the ledger is watched, and remembers who was told. A server
/// that dies between the answer and the ledger's line tells it once more: `X-Pipeline-Delivery` is the same then.
/// </summary>
/// <param name="secret">Signs the body: `X-Pipeline-Signature: sha256=` and the HMAC in hexadecimal digits; null leaves the header out.</param>
/// <param name="dashboard">Address that links begin with.</param>
/// <param name="clock">Of the pauses between attempts too.</param>
sealed class Webhook(WebhookOptions options, string? secret, string dashboard, LedgerIndex index, Ledger ledger, HttpClient client, ServeLog log, TimeProvider clock)
{
    public const string SecretVariable = "PIPELINE_WEBHOOK_SECRET";

    /// <summary>Goes before the address in pipeline.json.</summary>
    public const string UrlVariable = "PIPELINE_WEBHOOK_URL";

    /// <summary>Older ends are no news: nobody is told of them when a webhook is configured, or when the server was long away.</summary>
    static readonly TimeSpan Oldest = TimeSpan.FromHours(24);

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    readonly DateTimeOffset since = clock.GetUtcNow() - Oldest;
    readonly HashSet<string> givenUp = new(StringComparer.Ordinal);
    readonly ResiliencePipeline<HttpResponseMessage> attempts = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>()
                .HandleResult(answer => (int)answer.StatusCode is >= 500 or 408 or 429),
        })
        .AddTimeout(TimeSpan.FromSeconds(10))
        .Build();

    /// <summary>Tells what is to be told, one after the other. What could not be told is logged, and told after the next start of the server.</summary>
    public async Task VisitAsync(CancellationToken cancellation)
    {
        foreach (var (news, what) in Owed().ToList())
        {
            await TellAsync(news, what, cancellation);
        }
    }

    IEnumerable<(WebhookNews News, WebhookEvent What)> Owed()
    {
        var failing = new HashSet<string>(StringComparer.Ordinal);
        var runs = index.Runs().Where(run => run.State is not (RunState.Running or RunState.Cancelled)).Select(WebhookNews.Of);
        foreach (var news in runs.Concat(index.FailedFires().Select(WebhookNews.Of)).OrderBy(news => news.Began))
        {
            WebhookEvent? what = !news.IsGood ? WebhookEvent.Failure : failing.Remove(news.Subject) ? WebhookEvent.Recovery : null;
            if (!news.IsGood)
            {
                failing.Add(news.Subject);
            }

            if (what is { } known && options.On.Contains(known) && !news.IsTold && (news.Ended ?? news.Began) >= since && !givenUp.Contains(news.Id))
            {
                yield return (news, known);
            }
        }
    }

    async Task TellAsync(WebhookNews news, WebhookEvent what, CancellationToken cancellation)
    {
        var word = JsonNamingPolicy.CamelCase.ConvertName(what.ToString());
        var body = JsonSerializer.SerializeToUtf8Bytes(Body(news, word), Json);
        try
        {
            using var answer = await attempts.ExecuteAsync(async token => await client.SendAsync(Request(news, word, body), token), cancellation);
            answer.EnsureSuccessStatusCode();
            ledger.Append(news.Told(word));
            log.Note("webhook sent", ("run", news.Run), ("schedule", news.Schedule), ("what", word));
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutRejectedException)
        {
            givenUp.Add(news.Id);
            log.Warn("webhook failed", ("run", news.Run), ("schedule", news.Schedule), ("what", word), ("host", new Uri(options.Url!).Host), ("message", error.Message));
        }
    }

    object Body(WebhookNews news, string word)
    {
        var run = news.Run is { } name ? index.Find(name) : null;
        var stage = run?.Stages.FirstOrDefault(stage => stage.State is RunState.Failed or RunState.Crashed);
        return new
        {
            @event = word,
            run = news.Run,
            state = news.State,
            datasets = news.Datasets,
            selection = news.Selection,
            schedule = news.Schedule,
            due = news.Due ?? run?.Due,
            started = run?.Started,
            finished = news.Ended,
            exitCode = (int?)news.Exit,
            stage = stage?.Stage,
            message = stage?.Message ?? news.Message,
            url = $"{dashboard.TrimEnd('/')}/{(news.Run is null ? "" : $"runs/{Uri.EscapeDataString(news.Run)}")}",
        };
    }

    HttpRequestMessage Request(WebhookNews news, string word, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("X-Pipeline-Event", word);
        request.Headers.Add("X-Pipeline-Delivery", $"{news.Id}/{word}");
        if (secret is not null)
        {
            request.Headers.Add("X-Pipeline-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}");
        }

        return request;
    }
}
