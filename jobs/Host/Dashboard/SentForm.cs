using Microsoft.AspNetCore.Http;

namespace Pipeline.Host.Dashboard;

/// <summary>The form that came with a request.</summary>
static class SentForm
{
    /// <summary>What its sender is told.</summary>
    public const string Unreadable = "This form cannot be read: it is cut short, too long, or written in another way than pages of this server write theirs. Load the page anew and repeat.";

    /// <summary>Null if it cannot be read: who sent it made the mistake, and it is no defect of ours.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            return null;
        }
    }
}
