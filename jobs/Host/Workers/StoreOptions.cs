using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host.Workers;

/// <summary>`store` of pipeline.json: the database through which machines share the work of one data root.</summary>
public sealed record StoreOptions : IChecked
{
    [Option("PostgreSQL database, as postgres://USER@HOST/DB. Without it a run does everything itself. The password comes from PIPELINE_STORE_PASSWORD, or from the file "
        + "that PIPELINE_STORE_PASSWORD_FILE names.")]
    public string? Url { get; init; }

    [Option("A worker that has not been heard of for so long loses its unit to another.", Unit = "seconds")]
    [Range(1.0, 3600.0)]
    public double LeaseSeconds { get; init; } = 8;

    [Option("How long a run waits for a worker, or for a database that does not answer, before it fails.", Unit = "seconds")]
    [Range(1.0, 86_400.0)]
    public double PatienceSeconds { get; init; } = 600;

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (Url is not null && StoreAddress.MayHoldPassword(Url))
        {
            yield return ("url", $"is {OptionSecrets.Mask}: it {StoreAddress.PasswordElsewhere}.");
        }
    }
}
