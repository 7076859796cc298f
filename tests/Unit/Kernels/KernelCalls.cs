using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

/// <summary>One call of each kernel, cut into several parts with odd ends: what is true of all kernels is tested over these.</summary>
static class KernelCalls
{
    // 200 rows are two tiles, seven blocks of 32; 300 is more than a block of the depth; 45 columns are no multiple of any vector.
    const int M = 200;
    const int K = 300;
    const int N = 45;

    public static IReadOnlyDictionary<string, Func<Scene, Action>> All { get; } = new Dictionary<string, Func<Scene, Action>>
    {
        ["add"] = scene =>
        {
            var (x, y) = (scene.Input(M, N, 1), scene.Output(M, N, 2));
            return () => scene.Kernels.Add(x, y);
        },
        ["linear forward"] = scene =>
        {
            var (x, w, bias, y) = (scene.Input(M, K, 1), scene.Input(N, K, 2), scene.Input(1, N, 3), scene.Output(M, N, 4));
            return () => scene.Kernels.LinearForward(x, w, bias, Activation.Relu, y);
        },
        ["linear backward input"] = scene =>
        {
            var (dy, w, dx) = (scene.Input(M, K, 1), scene.Input(K, N, 2), scene.Output(M, N, 3));
            return () => scene.Kernels.LinearBackwardInput(dy, w, dx, add: true);
        },
        ["linear backward weight"] = scene =>
        {
            var (dy, x, dw, dbias) = (scene.Input(K, M, 1), scene.Input(K, N, 2), scene.Output(M, N, 3), scene.Output(1, M, 4));
            return () => scene.Kernels.LinearBackwardWeight(dy, x, dw, dbias);
        },
        ["relu backward"] = scene =>
        {
            var (y, dy) = (scene.Input(M, N, 1), scene.Output(M, N, 2));
            return () => scene.Kernels.ReluBackward(y, dy);
        },
        ["layer norm forward"] = scene =>
        {
            var (x, residual, gamma, beta) = (scene.Input(M, N, 1), scene.Input(M, N, 2), scene.Input(1, N, 3), scene.Input(1, N, 4));
            var (y, mean, rstd) = (scene.Output(M, N, 5), scene.Output(M, 1, 6), scene.Output(M, 1, 7));
            return () => scene.Kernels.LayerNormForward(x, residual, gamma, beta, y, mean, rstd);
        },
        ["layer norm backward"] = scene =>
        {
            var (dy, x, residual, gamma) = (scene.Input(M, N, 1), scene.Input(M, N, 2), scene.Input(M, N, 3), scene.Input(1, N, 4));
            var (mean, rstd, dx) = (scene.Input(M, 1, 5), scene.Input(M, 1, 6), scene.Output(M, N, 7));
            var (dgamma, dbeta) = (scene.Output(1, N, 8), scene.Output(1, N, 9));
            return () => scene.Kernels.LayerNormBackward(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);
        },
        ["tokenizer forward"] = scene =>
        {
            var (numeric, categories) = (scene.Input(20, 3, 1), scene.Categories(20, 2, 7, 2));
            var (weight, table, bias) = (scene.Input(4, N, 3), scene.Input(7, N, 4), scene.Input(6, N, 5));
            var tokens = scene.Output(20 * 6, N, 6);
            return () => scene.Kernels.TokenizerForward(numeric, categories, weight, table, bias, tokens);
        },
        ["tokenizer backward"] = scene =>
        {
            var (dtokens, numeric, categories) = (scene.Input(20 * 6, N, 1), scene.Input(20, 3, 2), scene.Categories(20, 2, 7, 3));
            var (dweight, dtable, dbias) = (scene.Output(4, N, 4), scene.Output(7, N, 5), scene.Output(6, N, 6));
            return () => scene.Kernels.TokenizerBackward(dtokens, numeric, categories, dweight, dtable, dbias);
        },
        ["convolution forward"] = scene =>
        {
            // 45 samples and channels: two blocks of samples, two strips of channels.
            var (x, w, bias, y) = (scene.Input(45 * 3, N, 1), scene.Input(4, N, 2), scene.Input(1, N, 3), scene.Output(45 * 3, N, 4));
            return () => scene.Kernels.ConvSiluForward(x, w, bias, 3, y);
        },
        ["convolution backward"] = scene =>
        {
            var (dy, x, w, bias) = (scene.Input(45 * 3, N, 1), scene.Input(45 * 3, N, 2), scene.Input(4, N, 3), scene.Input(1, N, 4));
            var (dx, dw, dbias) = (scene.Output(45 * 3, N, 5), scene.Output(4, N, 6), scene.Output(1, N, 7));
            return () => scene.Kernels.ConvSiluBackward(dy, x, w, bias, 3, dx, dw, dbias);
        },
        ["scan forward"] = scene =>
        {
            var (x, y) = (Scan(scene.Input, 20), scene.Output(18 * 3, N, 1));
            return () => scene.Kernels.ScanForward(x, 3, y);
        },
        ["scan backward"] = scene =>
        {
            // 18 samples: five blocks of partial sums.
            var (dy, x, dx) = (scene.Input(18 * 3, N, 1), Scan(scene.Input, 20), Scan(scene.Output, 30));
            return () => scene.Kernels.ScanBackward(dy, x, 3, dx);
        },
        ["scan backward of a long sample"] = scene =>
        {
            // 70 tokens: three pieces; 70 channels: two strips, whose dB and dC are added.
            ScanTensors Long(Func<int, int, int, Tensor> make, int seed) => new(
                make(140, 70, seed), make(140, 70, seed + 1), make(5, 70, seed + 2), make(140, 5, seed + 3), make(140, 5, seed + 4), make(1, 70, seed + 5), make(140, 70, seed + 6));
            var (dy, x, dx) = (scene.Input(140, 70, 1), Long(scene.Input, 20), Long(scene.Output, 30));
            return () => scene.Kernels.ScanBackward(dy, x, 70, dx);
        },
        ["attention forward"] = scene =>
        {
            var (q, k, v) = (scene.Input(10 * 7, N, 1), scene.Input(10 * 7, N, 2), scene.Input(10 * 7, N, 3));
            var (y, probabilities) = (scene.Output(10 * 7, N, 4), scene.Output(10 * 7, 3 * 7, 5));
            return () => scene.Kernels.AttentionForward(q, k, v, 3, 7, y, probabilities);
        },
        ["attention backward"] = scene =>
        {
            var (dy, q, k, v) = (scene.Input(10 * 7, N, 1), scene.Input(10 * 7, N, 2), scene.Input(10 * 7, N, 3), scene.Input(10 * 7, N, 4));
            var (probabilities, dq) = (scene.Input(10 * 7, 3 * 7, 5), scene.Output(10 * 7, N, 6));
            var (dk, dv) = (scene.Output(10 * 7, N, 7), scene.Output(10 * 7, N, 8));
            return () => scene.Kernels.AttentionBackward(dy, q, k, v, probabilities, 3, 7, dq, dk, dv);
        },
        ["squared error"] = scene =>
        {
            var (users, items, targets) = (scene.Input(M, N, 1), scene.Input(M, N, 2), scene.Input(M, 1, 3));
            var (scores, loss, dusers, ditems) = (scene.Output(M, 1, 4), scene.Output(1, 1, 5), scene.Output(M, N, 6), scene.Output(M, N, 7));
            return () => scene.Kernels.SquaredErrorLoss(users, items, targets, scores, loss, dusers, ditems);
        },
        ["sampled softmax"] = scene =>
        {
            // 45 users among 200 candidates: three blocks of users.
            var (users, items, corrections) = (scene.Input(N, K, 1), scene.Input(M, K, 2), scene.Input(N, M, 3));
            var (dproducts, loss, dusers, ditems) = (scene.Output(N, M, 4), scene.Output(1, 1, 5), scene.Output(N, K, 6), scene.Output(M, K, 7));
            return () => scene.Kernels.SampledSoftmaxLoss(users, items, corrections, 3, dproducts, loss, dusers, ditems);
        },
        ["adam"] = scene =>
        {
            // More than one stretch, and not a whole number of vectors.
            const int floats = (1 << 14) + 77;
            var (parameters, gradients) = (scene.Output(1, floats, 1), scene.Output(1, floats, 2));
            var (first, second) = (scene.Output(1, floats, 3), scene.Output(1, floats, 4));
            scene.Kernels.ReluBackward(second, second);
            return () => scene.Kernels.AdamStep(parameters, gradients, first, second, new AdamRates(1e-3), 3);
        },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>18 samples of 3 tokens, 5 states.</summary>
    static ScanTensors Scan(Func<int, int, int, Tensor> make, int seed) => new(
        U: make(18 * 3, N, seed),
        Dt: make(18 * 3, N, seed + 1),
        ALog: make(5, N, seed + 2),
        B: make(18 * 3, 5, seed + 3),
        C: make(18 * 3, 5, seed + 4),
        Skip: make(1, N, seed + 5),
        Z: make(18 * 3, N, seed + 6));
}
