using System.Runtime.InteropServices;
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

        // Asked before Torch is: it would print pages of its search.
        if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _))
        {
            throw new PipelineException(
                ExitCode.InputMissing,
                "--engine torchsharp: the native library of Torch cannot be loaded. It is libLibTorchSharp.so beside this executable, with libtorch of the package's version "
                + "where the loader looks (LD_LIBRARY_PATH); `ldd libLibTorchSharp.so` says what it misses.");
        }

        if (!torch.TryInitializeDeviceType(device == "cuda" ? DeviceType.CUDA : DeviceType.CPU))
        {
            throw new PipelineException(ExitCode.InputMissing, "--device cuda: Torch finds no GPU here. Build with -p:TorchSharp=cuda, and see `nvidia-smi`.");
        }

        return new TorchEngine(device);
    }

    public IKernels Create(int threads) => new TorchKernels(threads, device);
}
