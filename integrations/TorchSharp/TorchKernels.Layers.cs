using Pipeline.Kernels;
using TorchSharp;
using Values = TorchSharp.torch.Tensor;

namespace Pipeline.Integrations;

sealed partial class TorchKernels
{
    public void TokenizerForward(Tensor numeric, IndexTensor categories, Tensor weight, Tensor table, Tensor bias, Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var batch = tokens.Rows / bias.Rows;
        Put(tokens, TorchFunctions.Tokens(ViewOrNull(numeric), TableRows(categories, table), memory.View(weight), ViewOrNull(table), memory.View(bias), batch), add: false);
    }

    public void TokenizerBackward(Tensor dtokens, Tensor numeric, IndexTensor categories, Tensor dweight, Tensor dtable, Tensor dbias)
    {
        using var scope = torch.NewDisposeScope();
        var batch = dtokens.Rows / dbias.Rows;
        var (values, rows) = (ViewOrNull(numeric), TableRows(categories, dtable));

        // The gradients depend on the shapes of the parameters alone, so zeros stand for them.
        Values[] parameters = dtable.IsNone ? [Like(dweight), Like(dbias)] : [Like(dweight), Like(dbias), Like(dtable)];
        var gradients = TorchFunctions.Gradients(
            x => TorchFunctions.Tokens(values, rows, x[0], x.Length > 2 ? x[2] : null, x[1], batch), memory.Samples(dtokens, dbias.Rows), parameters);
        Put(dweight, gradients[0], add: true);
        Put(dbias, gradients[1], add: true);
        if (!dtable.IsNone)
        {
            Put(dtable, gradients[2], add: true);
        }
    }

    public void LayerNormForward(Tensor x, Tensor residual, Tensor gamma, Tensor beta, Tensor y, Tensor mean, Tensor rstd)
    {
        using var scope = torch.NewDisposeScope();
        var norm = TorchFunctions.LayerNorm(memory.View(x), ViewOrNull(residual), memory.View(gamma), memory.View(beta));
        Put(y, norm.Y, add: false);
        Put(mean, norm.Mean, add: false);
        Put(rstd, norm.Rstd, add: false);
    }

    public void LayerNormBackward(Tensor dy, Tensor x, Tensor residual, Tensor gamma, Tensor mean, Tensor rstd, Tensor dx, Tensor dgamma, Tensor dbeta)
    {
        using var scope = torch.NewDisposeScope();
        var sum = residual.IsNone ? memory.View(x) : memory.View(x) + memory.View(residual);
        var gradients = TorchFunctions.Gradients(
            inputs => TorchFunctions.LayerNorm(inputs[0], null, inputs[1], inputs[2]).Y, memory.View(dy), sum, memory.View(gamma), Like(dbeta));
        Put(dx, gradients[0], add: false);
        Put(dgamma, gradients[1], add: true);
        Put(dbeta, gradients[2], add: true);
    }

    public void ConvSiluForward(Tensor x, Tensor w, Tensor bias, int tokens, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        Put(y, TorchFunctions.ConvSilu(memory.Samples(x, tokens), memory.View(w), memory.View(bias)), add: false);
    }

    public void ConvSiluBackward(Tensor dy, Tensor x, Tensor w, Tensor bias, int tokens, Tensor dx, Tensor dw, Tensor dbias)
    {
        using var scope = torch.NewDisposeScope();
        var gradients = TorchFunctions.Gradients(
            inputs => TorchFunctions.ConvSilu(inputs[0], inputs[1], inputs[2]), memory.Samples(dy, tokens), memory.Samples(x, tokens), memory.View(w), memory.View(bias));
        Put(dx, gradients[0], add: false);
        Put(dw, gradients[1], add: true);
        Put(dbias, gradients[2], add: true);
    }

    public void ScanForward(in ScanTensors inputs, int tokens, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        Put(y, Scan(Views(inputs, tokens)), add: false);
    }

    public void ScanBackward(Tensor dy, in ScanTensors inputs, int tokens, in ScanTensors gradients)
    {
        using var scope = torch.NewDisposeScope();
        var found = TorchFunctions.Gradients(Scan, memory.Samples(dy, Outputs(inputs, tokens)), Views(inputs, tokens));
        Put(gradients.U, found[0], add: false);
        Put(gradients.Dt, found[1], add: false);
        Put(gradients.ALog, found[2], add: true);
        Put(gradients.B, found[3], add: false);
        Put(gradients.C, found[4], add: false);
        Put(gradients.Skip, found[5], add: true);
        Put(gradients.Z, found[6], add: false);
    }

    public void AttentionForward(Tensor q, Tensor k, Tensor v, int heads, int tokens, Tensor y, Tensor probabilities)
    {
        using var scope = torch.NewDisposeScope();
        var attention = TorchFunctions.Attention(Queries(q, k, tokens), memory.Samples(k, tokens), memory.Samples(v, tokens), heads);
        Put(y, attention.Y, add: false);
        Put(probabilities, attention.Probabilities, add: false);
    }

    public void AttentionBackward(
        Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, int heads, int tokens, Tensor dq, Tensor dk, Tensor dv)
    {
        using var scope = torch.NewDisposeScope();
        var gradients = TorchFunctions.Gradients(
            inputs => TorchFunctions.Attention(inputs[0], inputs[1], inputs[2], heads).Y,
            Queries(dy, k, tokens), Queries(q, k, tokens), memory.Samples(k, tokens), memory.Samples(v, tokens));
        Put(dq, gradients[0], add: false);
        Put(dk, gradients[1], add: false);
        Put(dv, gradients[2], add: false);
    }

    public void SquaredErrorLoss(Tensor users, Tensor items, Tensor targets, Tensor scores, Tensor loss, Tensor dusers, Tensor ditems)
    {
        using var scope = torch.NewDisposeScope();
        Values u = memory.View(users), i = memory.View(items);
        var products = (u * i).sum(2, keepdim: true);
        var errors = products - memory.View(targets);
        Put(scores, products, add: false);
        Put(loss, (errors * errors).mean([1], keepdim: true), add: false);
        var slopes = errors * (2.0 / users.Rows);
        Put(dusers, slopes * i, add: false);
        Put(ditems, slopes * u, add: false);
    }

    public void SampledSoftmaxLoss(
        Tensor users, Tensor items, Tensor corrections, float temperature, Tensor dproducts, Tensor loss, Tensor dusers, Tensor ditems)
    {
        using var scope = torch.NewDisposeScope();
        Values u = memory.View(users), i = memory.View(items);
        var scores = u.matmul(i.transpose(1, 2)) / temperature + memory.View(corrections);
        var own = torch.eye(users.Rows, items.Rows, device: memory.Device).unsqueeze(0);
        var losses = torch.nn.functional.log_softmax(scores, -1).narrow(2, 0, users.Rows).diagonal(0, 1, 2).neg();
        Put(loss, losses.mean([1], keepdim: true), add: false);
        var slopes = (torch.nn.functional.softmax(scores, -1) - own) / (temperature * users.Rows);
        Put(dproducts, slopes, add: false);
        Put(dusers, slopes.matmul(i), add: false);
        Put(ditems, slopes.transpose(1, 2).matmul(u), add: false);
    }

    static Values Scan(Values[] x) => TorchFunctions.Scan(x[0], x[1], x[2], x[3], x[4], x[5], x[6]);

    static int Outputs(in ScanTensors inputs, int tokens) => inputs.Z.Rows == inputs.U.Rows ? tokens : 1;

    Values[] Views(in ScanTensors x, int tokens) =>
    [
        memory.Samples(x.U, tokens), memory.Samples(x.Dt, tokens), memory.View(x.ALog), memory.Samples(x.B, tokens), memory.Samples(x.C, tokens), memory.View(x.Skip),
        memory.Samples(x.Z, Outputs(x, tokens)),
    ];

    /// <summary>All tokens of each sample, or the last alone.</summary>
    Values Queries(in Tensor q, in Tensor k, int tokens) => memory.Samples(q, q.Rows == k.Rows ? tokens : 1);

    Values Like(in Tensor tensor) => torch.zeros([tensor.Replicas, tensor.Rows, tensor.Columns], device: memory.Device);

    /// <summary>Rows of all replicas' tables, one below the other; null if there are no categories.</summary>
    Values? TableRows(in IndexTensor categories, in Tensor table)
    {
        if (categories.IsNone)
        {
            return null;
        }

        var starts = torch.arange(categories.Replicas, dtype: torch.ScalarType.Int32, device: memory.Device).mul_(table.Rows).reshape(-1, 1, 1);
        return (memory.View(categories) + starts).reshape(-1);
    }
}
