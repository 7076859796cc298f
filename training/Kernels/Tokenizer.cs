using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Turns each feature of a sample into a token; the last token is [CLS], a numeric feature of constant 1.</summary>
/// <remarks>
/// <code>
/// tokens[b, j]     = numeric[b, j] weight[j] + bias[j]                  j = 0 .. J - 1
/// tokens[b, J + q] = table[categories[b, q]] + bias[J + q]              q = 0 .. Q - 1
/// tokens[b, J + Q] = weight[J] + bias[J + Q]
/// </code>
/// Source: Gorishniy et al. 2021, "Revisiting deep learning models for tabular data", section 3.3. Keeps nothing but its inputs.
/// </remarks>
static unsafe class Tokenizer
{
    /// <param name="numeric">[B, J]; absent if J is 0.</param>
    /// <param name="categories">[B, Q] row numbers of the table, adjacent; null if Q is 0.</param>
    /// <param name="weight">[J + 1, C]</param>
    /// <param name="table">[rows, C]; absent if Q is 0.</param>
    /// <param name="bias">[J + Q + 1, C]</param>
    /// <param name="tokens">[B (J + Q + 1), C], overwritten.</param>
    /// <exception cref="ArgumentOutOfRangeException">A category is no row of the table.</exception>
    public static void Forward(MatrixView numeric, int* categories, MatrixView weight, MatrixView table, MatrixView bias, MatrixView tokens)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(numeric, categories, weight, table, bias, tokens);
                break;
            case 8:
                Forward<V256>(numeric, categories, weight, table, bias, tokens);
                break;
            default:
                Forward<V128>(numeric, categories, weight, table, bias, tokens);
                break;
        }
    }

    /// <summary>All matrices but numeric may be strips of the same columns. A row of the table adds its samples in their order.</summary>
    /// <param name="dtokens">[B (J + Q + 1), C]</param>
    /// <param name="dweight">[J + 1, C], added to, as are the next two.</param>
    public static void Backward(MatrixView dtokens, MatrixView numeric, int* categories, MatrixView dweight, MatrixView dtable, MatrixView dbias)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(dtokens, numeric, categories, dweight, dtable, dbias);
                break;
            case 8:
                Backward<V256>(dtokens, numeric, categories, dweight, dtable, dbias);
                break;
            default:
                Backward<V128>(dtokens, numeric, categories, dweight, dtable, dbias);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(MatrixView numeric, int* categories, MatrixView weight, MatrixView table, MatrixView bias, MatrixView tokens)
        where T : struct, IVector<T>
    {
        var numbers = weight.Rows - 1;
        var features = bias.Rows - weight.Rows;
        for (var row = 0; row < tokens.Rows; row++)
        {
            var (sample, token) = Math.DivRem(row, bias.Rows);
            var isCategory = token >= numbers && token < numbers + features;
            var from = isCategory ? table.Row(Category(categories, sample, features, token - numbers, table)) : weight.Row(Math.Min(token, numbers));
            var x = T.Create(token < numbers ? numeric.Row(sample)[token] : 1);
            var shift = bias.Row(token);
            var to = tokens.Row(row);
            for (var c = 0; c < tokens.Columns; c += T.Width)
            {
                var left = tokens.Columns - c;
                Lanes.Store(T.MultiplyAdd(x, Lanes.Load<T>(from + c, left), Lanes.Load<T>(shift + c, left)), to + c, left);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(MatrixView dtokens, MatrixView numeric, int* categories, MatrixView dweight, MatrixView dtable, MatrixView dbias)
        where T : struct, IVector<T>
    {
        var numbers = dweight.Rows - 1;
        var features = dbias.Rows - dweight.Rows;
        var samples = dtokens.Rows / dbias.Rows;
        for (var token = 0; token < dbias.Rows; token++)
        {
            var isCategory = token >= numbers && token < numbers + features;
            for (var c = 0; c < dtokens.Columns; c += T.Width)
            {
                var left = dtokens.Columns - c;
                var (sum, weighted) = (T.Zero, T.Zero);
                for (var sample = 0; sample < samples; sample++)
                {
                    var d = Lanes.Load<T>(dtokens.Row((sample * dbias.Rows) + token) + c, left);
                    sum += d;
                    if (isCategory)
                    {
                        Add(d, dtable.Row(Category(categories, sample, features, token - numbers, dtable)) + c, left);
                    }
                    else if (token < numbers)
                    {
                        weighted = T.MultiplyAdd(T.Create(numeric.Row(sample)[token]), d, weighted);
                    }
                }

                Add(sum, dbias.Row(token) + c, left);
                if (!isCategory)
                {
                    Add(token < numbers ? weighted : sum, dweight.Row(Math.Min(token, numbers)) + c, left);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<T>(T value, float* target, int left)
        where T : struct, IVector<T>
        => Lanes.Store(Lanes.Load<T>(target, left) + value, target, left);

    static int Category(int* categories, int sample, int features, int feature, MatrixView table)
    {
        var category = categories[((long)sample * features) + feature];
        if ((uint)category >= (uint)table.Rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(categories), $"Categorical feature {feature} of sample {sample} is row {category}; the table has rows 0 .. {table.Rows - 1}.");
        }

        return category;
    }
}
