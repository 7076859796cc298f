using System.Net;
using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>Where the dashboard listens and who may use it.</summary>
/// <param name="Url">"http://127.0.0.1:8321"; port 0 takes a free one.</param>
/// <param name="Token">What every request must show; null if only this machine can reach the address.</param>
sealed record ServeOptions(string Url, string? Token)
{
    public const string DefaultUrl = "http://127.0.0.1:8321";
    public const string TokenVariable = "PIPELINE_TOKEN";

    /// <summary>Names that a request may call this server by.</summary>
    public bool Knows(string host) =>
        string.Equals(host, new Uri(Url).Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) || (IsLoopback(Url) && IsLoopbackName(host)) || (IsAny && Token is not null);

    bool IsAny => IPAddress.TryParse(new Uri(Url).Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <param name="environment">Reads a variable of the environment.</param>
    /// <exception cref="PipelineException">InvalidConfiguration: an address that others reach without a token, or a wrong address or token.</exception>
    public static ServeOptions Read(string? url, Func<string, string?> environment)
    {
        var address = url ?? DefaultUrl;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var parsed) || parsed.Scheme is not "http" || parsed.PathAndQuery != "/")
        {
            throw new PipelineException(ExitCode.InvalidConfiguration, $"--urls is '{address}'; it must be one address such as {DefaultUrl}. TLS is for a proxy in front of it.");
        }

        var token = Secret.Read(environment, TokenVariable);
        return IsLoopback(address) || token is not null ? new ServeOptions(address, token) : throw new PipelineException(
            ExitCode.InvalidConfiguration,
            $"--urls {address} can be reached from other machines, and there is no token. Set {TokenVariable}, or {TokenVariable}_FILE to a file that holds it, or listen on {DefaultUrl}.");
    }

    static bool IsLoopback(string url) => IsLoopbackName(new Uri(url).Host.Trim('[', ']'));

    static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
