using Pipeline.Kernels;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>
/// All parameters of a model in one block of memory, and as many blocks again for gradients and Adam's moments, so that a step of
/// the optimizer is one pass and a checkpoint is three copies.
/// </summary>
public sealed class ParameterBlock
{
    // Each parameter starts at a cache line, so that no vector straddles two.
    const int Alignment = 16;

    readonly List<Parameter> parameters = [];

    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>How many numbers are learnt, padding left out.</summary>
    public long Count => parameters.Sum(parameter => (long)parameter.Count);

    /// <summary>[R, 1, block length], as Gradients and the moments.</summary>
    public Tensor Values { get; private set; }

    public Tensor Gradients { get; private set; }

    /// <summary>The part of Gradients that backward adds to, which comes first; None if there is no such.</summary>
    public Tensor AddedGradients { get; private set; }

    public Tensor FirstMoments { get; private set; }

    public Tensor SecondMoments { get; private set; }

    /// <param name="isOverwritten">Whether backward overwrites the gradient.</param>
    public Parameter Add(string name, IReadOnlyList<int> shape, Initialiser initialiser, bool isOverwritten = false)
    {
        if (!Values.IsNone)
        {
            throw new InvalidOperationException($"Parameter '{name}' comes after the block was allocated.");
        }

        if (parameters.Any(parameter => parameter.Name == name))
        {
            throw new ArgumentException($"Two parameters are named '{name}'.", nameof(name));
        }

        var parameter = new Parameter(name, shape, initialiser, isOverwritten);
        parameters.Add(parameter);
        return parameter;
    }

    /// <param name="isTrained">False for a model that only scores: no gradients, no moments.</param>
    public void Allocate(IKernels kernels, int replicas, bool isTrained)
    {
        var added = Place(0, isOverwritten: false);
        var length = Place(added, isOverwritten: true);
        Values = kernels.Allocate(replicas, 1, length);
        if (isTrained)
        {
            Gradients = kernels.Allocate(replicas, 1, length);
            AddedGradients = added == 0 ? Tensor.None : Gradients.SliceColumns(0, added);
            FirstMoments = kernels.Allocate(replicas, 1, length);
            SecondMoments = kernels.Allocate(replicas, 1, length);
        }

        foreach (var parameter in parameters)
        {
            parameter.Value = View(Values, parameter);
            parameter.Gradient = isTrained ? View(Gradients, parameter) : Tensor.None;
        }
    }

    /// <summary>Sees the values of another block of the same parameters, in its memory; for models that only score.</summary>
    public void Share(ParameterBlock other)
    {
        Place(Place(0, isOverwritten: false), isOverwritten: true);
        Values = other.Values;
        foreach (var parameter in parameters)
        {
            parameter.Value = View(Values, parameter);
        }
    }

    /// <summary>Draws fresh weights for one replica.</summary>
    public void Initialise(IKernels kernels, int replica, int seed)
    {
        foreach (var parameter in parameters)
        {
            var values = new float[parameter.Count];
            parameter.Initialiser(new RandomStream(seed, $"weights/{parameter.Name}"), values);
            kernels.Write(values, parameter.Value.Replica(replica));
        }
    }

    /// <summary>Gives parameters of one kind their places.</summary>
    /// <returns>Where the next begins.</returns>
    int Place(int offset, bool isOverwritten)
    {
        foreach (var parameter in parameters.Where(parameter => parameter.IsOverwritten == isOverwritten))
        {
            parameter.Offset = offset;
            offset += (parameter.Count + Alignment - 1) / Alignment * Alignment;
        }

        return offset;
    }

    static Tensor View(Tensor block, Parameter parameter) =>
        block.SliceColumns(parameter.Offset, parameter.Count).Reshape(parameter.Rows, parameter.Columns);
}
