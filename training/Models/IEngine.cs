using Pipeline.Kernels;

namespace Pipeline.Models;

/// <summary>A device that models are trained on, where it is not our own kernels on the processor.</summary>
public interface IEngine
{
    /// <summary>With the device, as fingerprints have it: other engines give other bytes.</summary>
    string Name { get; }

    /// <param name="threads">At least 1.</param>
    IKernels Create(int threads);
}
