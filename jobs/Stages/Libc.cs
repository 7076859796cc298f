using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Stages;

/// <summary>The few system calls that the base library does not offer: open without a lock, flock, fsync of a folder, rename over a link, statx.</summary>
static partial class Libc
{
    public const int ReadOnly = 0, ReadWrite = 2;
    public const int LockShared = 1, LockExclusive = 2, LockNonBlocking = 4, LockUnlock = 8;

    const int WouldBlockLinux = 11, WouldBlockMac = 35, Interrupted = 4, NotPermitted = 1;

    static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    static int Append => OperatingSystem.IsMacOS() ? 8 : 0x400;

    /// <summary>Opens what exists, without the shared flock that FileStream takes; a child process does not inherit it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path, int access, bool append = false)
    {
        var descriptor = OpenNative(path, access | CloseOnExec | (append ? Append : 0));
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Error("open", path);
    }

    /// <summary>False if another open of the file holds a lock in the way.</summary>
    public static bool TryLock(SafeFileHandle file, int operation, string path)
    {
        while (FlockNative(file, operation) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted: continue;
                case WouldBlockLinux or WouldBlockMac: return false;
                default: throw Error("flock", path);
            }
        }

        return true;
    }

    /// <summary>Makes the entries of a folder (new files, renames) survive a power cut.</summary>
    public static void FlushFolder(string path)
    {
        using var folder = Open(path, ReadOnly);
        if (FsyncNative(folder) != 0)
            throw Error("fsync", path);
    }

    /// <summary>mkdir(2): makes one folder, never the folders above it. False if it is there already.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder above it is not there.</exception>
    public static bool MakeFolder(string path)
    {
        const int Exists = 17, NoEntry = 2, AllMayUse = 0x1FF;
        if (MkdirNative(path, AllMayUse) == 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            Exists => false,
            NoEntry => throw new DirectoryNotFoundException($"There is no folder {System.IO.Path.GetDirectoryName(path)}."),
            _ => throw Error("mkdir", path),
        };
    }

    /// <summary>rename(2): replaces a file or link at <paramref name="to"/> in one step.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameNative(from, to) != 0)
            throw Error("rename", to);
    }

    /// <summary>Lets two folders change places in one step. False where the system cannot.</summary>
    public static bool TryExchange(string one, string other)
    {
        const int CurrentFolder = -100;
        const uint Exchange = 2;
        return OperatingSystem.IsLinux() && RenameAt2Native(CurrentFolder, one, CurrentFolder, other, Exchange) == 0;
    }

    /// <summary>False for a pipe, a socket or a device, which may have no end, and for a link to nothing; follows links.</summary>
    public static bool IsRegularFile(string path)
    {
        const int NoEntry = 2, CurrentFolder = -100, Kind = 0xF000, Regular = 0x8000;
        const uint BasicStats = 0x7ff;
        if (!OperatingSystem.IsLinux())
            return File.Exists(path);
        if (StatxNative(CurrentFolder, path, 0, BasicStats, out var stat) == 0)
            return (stat.Mode & Kind) == Regular;
        return Marshal.GetLastPInvokeError() == NoEntry ? false : throw Error("statx", path);
    }

    /// <summary>What the file system says about a file; follows links. Null where the system has no statx.</summary>
    public static Statx? Stat(string path)
    {
        const int CurrentFolder = -100;
        const uint BasicStats = 0x7ff;
        if (!OperatingSystem.IsLinux())
            return null;
        return StatxNative(CurrentFolder, path, 0, BasicStats, out var stat) == 0 ? stat : throw Error("statx", path);
    }

    /// <summary>The same of an open file, whatever its path names now.</summary>
    public static Statx? Stat(SafeFileHandle file, string path)
    {
        const int EmptyPath = 0x1000;
        const uint BasicStats = 0x7ff;
        if (!OperatingSystem.IsLinux())
            return null;
        return StatxNative((int)file.DangerousGetHandle(), "", EmptyPath, BasicStats, out var stat) == 0 ? stat : throw Error("statx", path);
    }

    /// <summary>kill(2); false if there is no such process, or it is another user's.</summary>
    public static bool Signal(int process, int signal) => KillNative(process, signal) == 0;

    /// <summary>True if there is a process of that number on this machine, whosever it is.</summary>
    public static bool IsProcess(int process) => KillNative(process, 0) == 0 || Marshal.GetLastPInvokeError() == NotPermitted;

    /// <summary>raise(3): sends a signal to the thread that calls, so that not one more step of it is done before.</summary>
    public static void Raise(int signal) => _ = RaiseNative(signal);

    static IOException Error(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int process, int signal);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int RaiseNative(int signal);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FlockNative(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncNative(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkdirNative(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNative(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2Native(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxNative(int folder, string path, int flags, uint mask, out Statx stat);

    /// <summary>The fields of struct statx that a stamp needs. The kernel fixes the layout for every architecture: 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct Statx
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
