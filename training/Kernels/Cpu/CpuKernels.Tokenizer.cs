namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: forward, blocks of samples; backward, strips of columns, for any sample may add to any row of the table.</summary>
public sealed unsafe partial class CpuKernels
{
    const int TokenizerSamples = 8;
    const int TokenizerColumns = 32;

    public void TokenizerForward(Tensor numeric, IndexTensor categories, Tensor weight, Tensor table, Tensor bias, Tensor tokens)
    {
        ExpectTokens(tokens, numeric, categories, weight, table, bias);
        var work = new TokenizerForwardWork(numeric, categories, weight, table, bias, tokens);
        pool.Run(tokens.Replicas * Parts(tokens.Rows / bias.Rows, TokenizerSamples), work);
    }

    public void TokenizerBackward(Tensor dtokens, Tensor numeric, IndexTensor categories, Tensor dweight, Tensor dtable, Tensor dbias)
    {
        ExpectTokens(dtokens, numeric, categories, dweight, dtable, dbias);
        var work = new TokenizerBackwardWork(dtokens, numeric, categories, dweight, dtable, dbias);
        pool.Run(dtokens.Replicas * Parts(dtokens.Columns, TokenizerColumns), work);
    }

    static void ExpectTokens(in Tensor tokens, in Tensor numeric, in IndexTensor categories, in Tensor weight, in Tensor table, in Tensor bias)
    {
        var replicas = tokens.Replicas;
        var (numbers, features) = (numeric.IsNone ? 0 : numeric.Columns, categories.IsNone ? 0 : categories.Columns);
        Shapes.Expect(weight, replicas, numbers + 1, tokens.Columns);
        Shapes.Expect(bias, replicas, numbers + features + 1, tokens.Columns);
        var samples = tokens.Rows / bias.Rows;
        Shapes.Expect(tokens, replicas, samples * bias.Rows, tokens.Columns);
        Shapes.ExpectOrNone(numeric, replicas, samples, numbers);
        Shapes.ExpectOrNone(table, replicas, table.Rows, tokens.Columns);
        if (features > 0 && (table.IsNone || categories.Replicas != replicas || categories.Rows < samples))
        {
            throw new ArgumentException(
                $"categories must be [{replicas}, {samples} or more, {features}] with a table, is [{categories.Replicas}, {categories.Rows}, {features}].",
                nameof(categories));
        }
    }

    static int* Categories(in IndexTensor categories, int replica) =>
        categories.IsNone ? null : (int*)categories.Address + ((long)replica * categories.Rows * categories.Columns);

    readonly struct TokenizerForwardWork(Tensor numeric, IndexTensor categories, Tensor weight, Tensor table, Tensor bias, Tensor tokens) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(tokens.Rows / bias.Rows, TokenizerSamples));
            var sample = block * TokenizerSamples;
            Tokenizer.Forward(
                MatrixView.Of(numeric, replica).Block(sample, TokenizerSamples),
                Categories(categories, replica) + ((long)sample * categories.Columns),
                MatrixView.Of(weight, replica),
                MatrixView.Of(table, replica),
                MatrixView.Of(bias, replica),
                MatrixView.Of(tokens, replica).Block(sample * bias.Rows, TokenizerSamples * bias.Rows));
        }
    }

    readonly struct TokenizerBackwardWork(
        Tensor dtokens, Tensor numeric, IndexTensor categories, Tensor dweight, Tensor dtable, Tensor dbias) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, strip) = Math.DivRem(index, Parts(dtokens.Columns, TokenizerColumns));
            var column = strip * TokenizerColumns;
            Tokenizer.Backward(
                MatrixView.Of(dtokens, replica).Strip(column, TokenizerColumns),
                MatrixView.Of(numeric, replica),
                Categories(categories, replica),
                MatrixView.Of(dweight, replica).Strip(column, TokenizerColumns),
                MatrixView.Of(dtable, replica).Strip(column, TokenizerColumns),
                MatrixView.Of(dbias, replica).Strip(column, TokenizerColumns));
        }
    }
}
