using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pipeline.Kernels.Cpu;

/// <summary>What a call checks before it touches memory.</summary>
static class Shapes
{
    /// <exception cref="ArgumentException">x has another shape.</exception>
    public static void Expect(in Tensor x, int replicas, int rows, int columns, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.IsNone || x.Replicas != replicas || x.Rows != rows || x.Columns != columns)
        {
            Refuse(x, replicas, rows, columns, name);
        }
    }

    /// <summary>As <see cref="Expect"/>, but the tensor may be absent.</summary>
    public static void ExpectOrNone(in Tensor x, int replicas, int rows, int columns, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (!x.IsNone)
        {
            Expect(x, replicas, rows, columns, name);
        }
    }

    /// <exception cref="ArgumentException">The rows of x are not whole samples of so many tokens.</exception>
    public static void ExpectSamples(in Tensor x, int tokens, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.IsNone || tokens < 1 || x.Rows % tokens != 0)
        {
            throw new ArgumentException($"{name} has {x.Rows} rows, which are not whole samples of {tokens} tokens.", name);
        }
    }

    [DoesNotReturn]
    static void Refuse(in Tensor x, int replicas, int rows, int columns, string name)
    {
        var found = x.IsNone ? "none" : $"[{x.Replicas}, {x.Rows}, {x.Columns}]";
        throw new ArgumentException($"{name} must be [{replicas}, {rows}, {columns}], is {found}.", name);
    }
}
