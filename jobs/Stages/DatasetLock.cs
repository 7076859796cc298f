using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Stages;

/// <summary>
/// The right to write one dataset: a flock on `DATASET/.lock`. The system frees it however the process ends (kill -9 too); the file
/// stays and says who holds it, or held it last.
/// </summary>
public sealed class DatasetLock : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly SafeFileHandle file;
    readonly string dataset;
    readonly string path;
    LockHolder? described;

    DatasetLock(SafeFileHandle file, string path, DataRoot root, string dataset, LockHolder holder)
    {
        (this.file, this.dataset, this.path) = (file, dataset, path);
        Staging = new Staging(this, root, dataset, holder.Token);
    }

    /// <summary>Through which the holder changes the dataset.</summary>
    public Staging Staging { get; }

    /// <summary>Takes the lock or fails at once; never waits. What earlier holders left is cleared away but for what can be gone on from.</summary>
    /// <exception cref="PipelineException">Another process has it (Busy); the message names it.</exception>
    public static DatasetLock Take(DataRoot root, string dataset, LockHolder holder)
    {
        var path = PathOf(root, dataset);
        Files.CreateFolder(root.Dataset(dataset));
        var file = TryTake(path) ?? throw Busy(dataset, path, Read(path));
        var taken = new DatasetLock(file, path, root, dataset, holder);
        try
        {
            try
            {
                taken.Begin(holder);
            }
            catch (IOException error) when (StageFailures.IsFull(error) && taken.Staging.SpendReserve())
            {
                taken.Begin(holder);
            }

            taken.Do(taken.Staging.KeepReserve);
            return taken;
        }
        catch
        {
            // Else a process that lives on would hold what it could not sign.
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Who holds the lock now; null if it is free. Holder.Run is null while that run is only starting.</summary>
    public static LockHolder? Holder(DataRoot root, string dataset)
    {
        var path = PathOf(root, dataset);
        if (!File.Exists(path))
            return null;
        using var probe = Libc.Open(path, Libc.ReadOnly);
        return Libc.TryLock(probe, Libc.LockShared | Libc.LockNonBlocking, path) ? null : Read(path) ?? new LockHolder(0, "", null, "", default);
    }

    /// <summary>Says more of the holder in the lock file. Nothing if that names another by now, which whatever is done next will find.</summary>
    public void Describe(LockHolder holder)
    {
        if (Lost() is null)
            Sign(holder);
    }

    /// <summary>
    /// Fails unless the lock file is still the one that was locked and still names this holder, and nobody took its folder apart. On one machine
    /// that cannot be otherwise; where machines share the data root, a writer that was stopped may have lost its right to another before it woke.
    /// </summary>
    /// <exception cref="PipelineException">Another holds it (Busy).</exception>
    public void RequireHeld()
    {
        if (Lost() is { } lost)
            throw lost;
    }

    /// <summary>The same as an answer: null while it is held. What fails after it was lost, fails because of that.</summary>
    internal PipelineException? Lost()
    {
        var found = File.Exists(path) ? Read(path) : null;
        if (found == described && found is not null && Libc.Stat(path)?.Inode == Libc.Stat(file, path)?.Inode && Directory.Exists(Staging.Path))
            return null;
        return new PipelineException(
            ExitCode.Busy,
            $"{dataset} was taken over{(found is null ? "" : $" by process {found.Pid} on {found.Host} since {found.Since:yyyy-MM-dd HH:mm:ss} UTC")} while this process stood still, "
                + $"so it changes nothing more ({path}). Look at: pipeline status {dataset}");
    }

    /// <summary>Does what changes the dataset, and tells a failure that came of the lost lock as that.</summary>
    /// <exception cref="PipelineException">Another holds it (Busy).</exception>
    internal void Do(Action change)
    {
        try
        {
            change();
        }
        catch (Exception) when (Lost() is { } lost)
        {
            throw lost;
        }
    }

    public void Dispose()
    {
        // Closing is not enough: a child process that this one is just starting has a copy of the open file for an instant, and with it the lock.
        if (!file.IsClosed)
            Libc.TryLock(file, Libc.LockUnlock, path);
        file.Dispose();
    }

    void Begin(LockHolder holder)
    {
        Staging.Open();
        Sign(holder);
        Do(Staging.TakeOver);
    }

    /// <summary>In one write over what is there, so that the file is at no moment empty: spaces take the place of a longer name.</summary>
    void Sign(LockHolder holder)
    {
        described = holder;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(holder, Json);
        Files.Write(file, path, [.. bytes, .. Enumerable.Repeat((byte)' ', Math.Max(0, (int)RandomAccess.GetLength(file) - bytes.Length))], 0);
    }

    static string PathOf(DataRoot root, string dataset) => Path.Combine(root.Dataset(dataset), ".lock");

    /// <summary>Null if another writer has it. Somebody who only looks (shared, for an instant) is not mistaken for one.</summary>
    static SafeFileHandle? TryTake(string path)
    {
        if (!File.Exists(path))
            Create(path);
        var file = Libc.Open(path, Libc.ReadWrite);
        while (!Libc.TryLock(file, Libc.LockExclusive | Libc.LockNonBlocking, path))
        {
            if (!Libc.TryLock(file, Libc.LockShared | Libc.LockNonBlocking, path))
            {
                file.Dispose();
                return null;
            }

            Libc.TryLock(file, Libc.LockUnlock, path);
            Thread.Yield();
        }

        return file;
    }

    static void Create(string path)
    {
        try
        {
            Files.Create(path, isNew: true).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was first, which is as good.
            return;
        }
    }

    static LockHolder? Read(string path)
    {
        using var reader = Libc.Open(path, Libc.ReadOnly);
        var bytes = new byte[RandomAccess.GetLength(reader)];
        try
        {
            return JsonSerializer.Deserialize<LockHolder>(bytes.AsSpan(0, RandomAccess.Read(reader, bytes, 0)), Json);
        }
        catch (JsonException)
        {
            // It is writing its name just now.
            return null;
        }
    }

    static PipelineException Busy(string dataset, string path, LockHolder? holder) => new(
        ExitCode.Busy,
        holder is null
            ? $"{dataset} is being written by another process that is only starting ({path}). Try again in a moment."
            : $"{dataset} is being written by process {holder.Pid} on {holder.Host} since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC"
                + $"{(holder.Run is null ? "" : $" (run {holder.Run})")}: {holder.Command}. Wait for it to end, or stop it: kill {holder.Pid}");
}

/// <param name="Run">Null until the run has its name.</param>
/// <param name="Command">Command line, for people.</param>
/// <param name="Since">UTC.</param>
public sealed record LockHolder(int Pid, string Host, string? Run, string Command, DateTimeOffset Since)
{
    /// <summary>Differs for each holder: the name of the folder that it works in.</summary>
    public string Token => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Host} {Pid} {Since:O}")))[..DataRoot.NameLength];
}
