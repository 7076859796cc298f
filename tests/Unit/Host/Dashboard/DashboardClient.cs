using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>What a browser does, without a screen: cookies, and forms that are sent with the hidden token of a page. Follows no redirection.</summary>
sealed class DashboardClient : IDisposable
{
    readonly HttpClient client;

    public DashboardClient(Uri address, string? bearer = null)
    {
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = address };
        if (bearer is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }
    }

    public Uri Address => client.BaseAddress!;

    /// <summary>Back as soon as the headers are: a stream of events has no end.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        change?.Invoke(request);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Sends a form with the hidden token of the start page.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var token = Regex.Match(await TextAsync("/"), "name=\"token\" value=\"([^\"]+)\"").Groups[1].Value;
        return await PostAloneAsync(path, [.. fields, ("token", token)]);
    }

    /// <summary>Sends a form without that token, as another site would.</summary>
    public async Task<HttpResponseMessage> PostAloneAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await client.PostAsync(path, form);
    }

    public void Dispose() => client.Dispose();
}
