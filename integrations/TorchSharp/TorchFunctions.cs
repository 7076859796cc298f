using TorchSharp;
using Values = TorchSharp.torch.Tensor;

namespace Pipeline.Integrations;

/// <summary>The formulas of training/Kernels as Torch functions of all replicas at once; gradients are Torch's.</summary>
static class TorchFunctions
{
    const double Epsilon = 1e-5;

    /// <summary>[R, B, L, C]</summary>
    /// <param name="numeric">[R, B, J], or null.</param>
    /// <param name="rows">[R B Q]: rows of the table, those of each replica behind those of the one before; or null.</param>
    /// <param name="weight">[R, J + 1, C]</param>
    /// <param name="table">[R, rows, C], or null.</param>
    /// <param name="bias">[R, L, C]</param>
    public static Values Tokens(Values? numeric, Values? rows, Values weight, Values? table, Values bias, long batch)
    {
        long replicas = weight.shape[0], width = weight.shape[2], features = weight.shape[1] - 1;
        var parts = new List<Values>();
        if (numeric is not null)
        {
            parts.Add(numeric.unsqueeze(3) * weight.narrow(1, 0, features).unsqueeze(1));
        }

        if (rows is not null)
        {
            parts.Add(table!.reshape(-1, width).index_select(0, rows).reshape(replicas, batch, -1, width));
        }

        parts.Add(weight.narrow(1, features, 1).unsqueeze(1).expand(replicas, batch, 1, width));
        return torch.cat(parts, 2) + bias.unsqueeze(1);
    }

    /// <param name="x">[R, M, C], as the residual, which may be null.</param>
    /// <returns>y [R, M, C], mean and 1 / deviation [R, M, 1].</returns>
    public static (Values Y, Values Mean, Values Rstd) LayerNorm(Values x, Values? residual, Values gamma, Values beta)
    {
        var sum = residual is null ? x : x + residual;
        var mean = sum.mean([-1], keepdim: true);
        var centred = sum - mean;
        var rstd = ((centred * centred).mean([-1], keepdim: true) + Epsilon).rsqrt();
        return (centred * rstd * gamma + beta, mean, rstd);
    }

    /// <param name="x">[R, B, L, D]</param>
    /// <param name="w">[R, W, D]</param>
    /// <param name="bias">[R, 1, D]</param>
    public static Values ConvSilu(Values x, Values w, Values bias)
    {
        long width = w.shape[1], tokens = x.shape[2];
        var sum = x * w.narrow(1, width - 1, 1).unsqueeze(1) + bias.unsqueeze(1);
        for (var k = 1; k < Math.Min(width, tokens); k++)
        {
            var past = torch.nn.functional.pad(x.narrow(2, 0, tokens - k), [0, 0, k, 0]);
            sum = sum + past * w.narrow(1, width - 1 - k, 1).unsqueeze(1);
        }

        return sum.silu();
    }

    /// <summary>[R, B, L, D], or [R, B, 1, D] for the last token alone, as z has.</summary>
    public static Values Scan(Values u, Values dt, Values aLog, Values b, Values c, Values skip, Values z)
    {
        long tokens = u.shape[2], outputs = z.shape[2];
        var delta = torch.nn.functional.softplus(dt);
        var rates = aLog.exp().neg().unsqueeze(1);
        var input = delta * u;
        Values? state = null;
        var sums = new List<Values>();
        for (var t = 0; t < tokens; t++)
        {
            var added = input.narrow(2, t, 1) * b.narrow(2, t, 1).transpose(2, 3);
            state = state is null ? added : (delta.narrow(2, t, 1) * rates).exp() * state + added;
            if (t >= tokens - outputs)
            {
                sums.Add((c.narrow(2, t, 1).transpose(2, 3) * state).sum(2, keepdim: true));
            }
        }

        return (torch.cat(sums, 2) + skip.unsqueeze(1) * u.narrow(2, tokens - outputs, outputs)) * z.silu();
    }

    /// <param name="q">[R, B, queries, C]; k and v [R, B, L, C].</param>
    /// <returns>y [R, B, queries, C] and probabilities [R, B, queries, H L].</returns>
    public static (Values Y, Values Probabilities) Attention(Values q, Values k, Values v, int heads)
    {
        long replicas = q.shape[0], batch = q.shape[1], queries = q.shape[2], width = q.shape[3] / heads, tokens = k.shape[2];
        var products = Heads(q).matmul(Heads(k).transpose(3, 4)) / Math.Sqrt(width);
        var probabilities = torch.nn.functional.softmax(products, -1);
        var y = probabilities.matmul(Heads(v)).permute(0, 1, 3, 2, 4).reshape(replicas, batch, queries, heads * width);
        return (y, probabilities.permute(0, 1, 3, 2, 4).reshape(replicas, batch, queries, heads * tokens));

        Values Heads(Values x) => x.reshape(replicas, batch, -1, heads, width).permute(0, 1, 3, 2, 4);
    }

    /// <summary>Gradients of a function at its inputs, which are copied, from that of its result. What the function kept is freed.</summary>
    public static IList<Values> Gradients(Func<Values[], Values> function, Values dy, params Values[] inputs)
    {
        using var recording = torch.enable_grad();
        var leaves = Array.ConvertAll(inputs, Leaf);
        return torch.autograd.grad([function(leaves)], leaves, [dy]);
    }

    /// <summary>A copy that gradients are asked for. The property that would say so afterwards keeps the tensor for ever (TorchSharp 0.99.6), so it is said when memory is taken.</summary>
    static Values Leaf(Values values)
    {
        var leaf = torch.empty(values.shape, device: values.device, requires_grad: true);
        leaf.detach().copy_(values);
        return leaf;
    }
}
