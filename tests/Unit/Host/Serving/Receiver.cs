using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Unit.Host.Serving;

/// <summary>A web server on a free port of this machine that keeps what it is sent.</summary>
sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication server;
    readonly Lock gate = new();
    readonly List<Received> all = [];
    readonly Queue<HttpStatusCode> answers;

    Receiver(IEnumerable<HttpStatusCode> answers)
    {
        this.answers = new(answers);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(KeepAsync);
    }

    public string Address => server.Urls.First();

    public IReadOnlyList<Received> All
    {
        get
        {
            lock (gate)
            {
                return [.. all];
            }
        }
    }

    /// <param name="answers">Of the first requests; those after them are answered 200.</param>
    public static async Task<Receiver> StartAsync(params HttpStatusCode[] answers)
    {
        var receiver = new Receiver(answers);
        await receiver.server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    async Task KeepAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (gate)
        {
            all.Add(new Received(http.Request.Path, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            http.Response.StatusCode = (int)(answers.TryDequeue(out var answer) ? answer : HttpStatusCode.OK);
        }
    }
}

sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
