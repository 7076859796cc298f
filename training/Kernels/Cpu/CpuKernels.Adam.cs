namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: stretches of each replica's block.</summary>
public sealed unsafe partial class CpuKernels
{
    // Long stretches: each begins anew with what the processor fetches ahead.
    const int AdamFloats = 1 << 17;

    public void AdamStep(Tensor parameters, Tensor gradients, Tensor firstMoments, Tensor secondMoments, in AdamRates rates, long step)
    {
        var (replicas, rows, columns) = (parameters.Replicas, parameters.Rows, parameters.Columns);
        Shapes.Expect(gradients, replicas, rows, columns);
        Shapes.Expect(firstMoments, replicas, rows, columns);
        Shapes.Expect(secondMoments, replicas, rows, columns);
        var floats = checked(rows * columns);
        var work = new AdamWork(
            parameters.Reshape(1, floats), gradients.Reshape(1, floats), firstMoments.Reshape(1, floats), secondMoments.Reshape(1, floats), new(rates, step));
        pool.Run(replicas * Parts(floats, AdamFloats), work);
    }

    readonly struct AdamWork(Tensor parameters, Tensor gradients, Tensor firstMoments, Tensor secondMoments, AdamFactors factors) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(parameters.Columns, AdamFloats));
            var start = block * AdamFloats;
            Adam.Step(
                MatrixView.Of(parameters, replica).Data + start,
                MatrixView.Of(gradients, replica).Data + start,
                MatrixView.Of(firstMoments, replica).Data + start,
                MatrixView.Of(secondMoments, replica).Data + start,
                Math.Min(AdamFloats, parameters.Columns - start),
                factors);
        }
    }
}
