using Pipeline.Kernels;
using Pipeline.Models;
using Pipeline.Stages;
using TorchSharp;

namespace Pipeline.Integrations;

/// <summary>TorchSharp on a processor or a GPU.</summary>
/// <param name="device">"cpu" or "cuda".</param>
sealed class TorchEngine(string device) : IEngine
{
    public string Name => $"torchsharp/{device}";

    /// <exception cref="PipelineException">There is no such device, or no native library of Torch.</exception>
    public static TorchEngine Open(string device)
    {
        if (device is not ("cpu" or "cuda"))
        {
            throw new PipelineException(ExitCode.Usage, $"--device is '{device}'; torchsharp knows cpu and cuda.");
        }

        try
        {
            torch.InitializeDeviceType(device == "cuda" ? DeviceType.CUDA : DeviceType.CPU);
        }
        catch (Exception error) when (device == "cuda")
        {
            throw new PipelineException(ExitCode.InputMissing, $"--device cuda: Torch finds no GPU here ({FirstLine(error)}). Build with -p:TorchSharp=cuda, and see `nvidia-smi`.", error);
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or NotSupportedException or EntryPointNotFoundException)
        {
            throw new PipelineException(
                ExitCode.InputMissing,
                $"--engine torchsharp: the native library of Torch cannot be loaded ({FirstLine(error)}). It is libLibTorchSharp.so beside this executable, with libtorch "
                + "where the loader looks (LD_LIBRARY_PATH); its version must be that of the package.",
                error);
        }

        return new TorchEngine(device);
    }

    public IKernels Create(int threads) => new TorchKernels(threads, device);

    static string FirstLine(Exception error) => (error.InnerException ?? error).Message.Split('\n')[0].Trim();
}
