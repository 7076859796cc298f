using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>All that training needs to go on from a step as if it had not stopped.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Values">The parameter block, padding included; the moments as well.</param>
/// <param name="LossSum">Of the steps since the last probe.</param>
/// <param name="Probes">Taken so far.</param>
sealed record CheckpointState(
    int Step, float[] Values, float[] FirstMoments, float[] SecondMoments, float LossSum, IReadOnlyList<ProbeStep> Probes);

/// <summary>Keeps one replica's training in a file of its unfinished model folder. The file is replaced in one move.</summary>
static class Checkpoint
{
    // Files of this name are no part of the finished model.
    const string FileName = "checkpoint.safetensors";

    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    public static void Write(string folder, CheckpointState state)
    {
        List<KeyValuePair<string, StoredTensor>> tensors =
        [
            new("values", Row(state.Values)),
            new("first_moments", Row(state.FirstMoments)),
            new("second_moments", Row(state.SecondMoments)),
            new("loss_sum", Row(new[] { state.LossSum })),
            new("probe.steps", Row(state.Probes.Select(probe => probe.Step).ToArray())),
            new("probe.losses", Row(state.Probes.Select(probe => probe.Loss).ToArray())),
            new("probe.users", Row(state.Probes.Count == 0 ? [] : state.Probes[0].TestUsers)),
            new("probe.items", Row(state.Probes.SelectMany(probe => probe.Items.SelectMany(list => list)).ToArray())),
            new("probe.scores", Row(state.Probes.SelectMany(probe => probe.Scores.SelectMany(list => list)).ToArray())),
        ];
        var path = Path.Combine(folder, FileName);
        var step = state.Step.ToString(CultureInfo.InvariantCulture);
        var metadata = new Dictionary<string, string> { ["step"] = step, ["digest"] = Digest(step, tensors) };
        SafeTensors.Write(path + ".new", tensors, metadata);
        CrashPoint.Reached(CrashPoint.CheckpointWritten);
        Files.Rename(path + ".new", path);
        CrashPoint.Reached(CrashPoint.CheckpointRenamed);
    }

    /// <exception cref="PipelineException">It is damaged, or of another version (InputMissing). No manifest holds its digest, so it holds its own.</exception>
    public static CheckpointState Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var (metadata, tensors) = SafeTensors.Read(path);
        if (!metadata.TryGetValue("digest", out var digest) || !metadata.TryGetValue("step", out var step) || digest != Digest(step, tensors))
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} is not as it was written: its digest does not fit.");
        }

        var steps = tensors["probe.steps"].Integers;
        var users = tensors["probe.users"].Integers;
        var length = steps.Length * users.Length == 0 ? 0 : tensors["probe.items"].Integers.Length / (steps.Length * users.Length);
        var probes = steps.Select((step, i) => new ProbeStep(
            step, users, Lists(tensors["probe.items"].Integers, i, users.Length, length), Lists(tensors["probe.scores"].Floats, i, users.Length, length),
            tensors["probe.losses"].Floats[i]));
        return new CheckpointState(
            int.Parse(step, CultureInfo.InvariantCulture), tensors["values"].Floats, tensors["first_moments"].Floats,
            tensors["second_moments"].Floats, tensors["loss_sum"].Floats[0], [.. probes]);
    }

    static T[][] Lists<T>(T[] all, int probe, int users, int length) =>
        [.. Enumerable.Range(0, users).Select(user => all.AsSpan((probe * users + user) * length, length).ToArray())];

    static string Digest(string step, IEnumerable<KeyValuePair<string, StoredTensor>> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(step));
        foreach (var (name, tensor) in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.Data.GetType().Name} {string.Join(',', tensor.Shape)} "));
            hash.AppendData(tensor.Data is float[] floats ? MemoryMarshal.AsBytes(floats.AsSpan()) : MemoryMarshal.AsBytes(tensor.Integers.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static StoredTensor Row<T>(T[] values) => new([values.Length], values);
}
