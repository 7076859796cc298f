using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;

namespace Pipeline.Unit.Models;

public class TrainingGoldenTests
{
    [Theory]
    // The paper's sizes may drift further: Adam divides small gradients by themselves, so rounding grows. PyTorch in float32 is
    // 5e-7 (small) and 3e-5 (paper) from its own float64 losses; a few times that is allowed.
    [InlineData("mamba-training", 5e-6)]
    [InlineData("mamba-wide-training", 5e-6)]
    [InlineData("transformer-training", 5e-6)]
    [InlineData("mamba-paper", 1e-4)]
    [InlineData("transformer-paper", 1e-4)]
    public void Twenty_steps_have_the_losses_that_PyTorch_has(string name, double tolerance)
    {
        using var run = new Run(name);
        var expected = run.Golden.File.Tensors["losses"].Floats;
        for (var step = 0; step < expected.Length; step++)
        {
            run.Step(step);
            var found = TowerGoldenTests.Read(run.Kernels, run.Model.Loss)[0];
            Assert.True(Math.Abs(found - expected[step]) <= tolerance * Math.Abs(expected[step]), $"step {step}: expected {expected[step]:g9}, found {found:g9}");
        }
    }

    [Theory]
    [InlineData("mamba-training")]
    [InlineData("mamba-wide-training")]
    [InlineData("transformer-training")]
    public void Twenty_steps_end_at_the_parameters_where_PyTorch_ends(string name)
    {
        using var run = new Run(name);
        for (var step = 0; step < 20; step++)
        {
            run.Step(step);
        }

        foreach (var parameter in run.Model.Parameters.Parameters)
        {
            var expected = run.Golden.File.Tensors[$"final.{parameter.Name}"].Floats;
            var found = TowerGoldenTests.Read(run.Kernels, parameter.Value);
            if (parameter.Name.EndsWith("in_proj.bias", StringComparison.Ordinal))
            {
                // The keys' bias has gradient zero; Adam turns rounding there into steps that no output sees.
                int third = expected.Length / 3;
                expected.AsSpan(third, third).Clear();
                found.AsSpan(third, third).Clear();
            }

            // Parameters move by up to 20 x 1e-3; 1e-5 is a two-thousandth of that.
            TowerGoldenTests.AssertClose(parameter.Name, expected, found, 1e-5f);
        }
    }

    [Theory]
    [InlineData("mamba-paper")]
    [InlineData("transformer-paper")]
    public void A_first_step_at_the_papers_size_has_every_gradient_that_PyTorch_has(string name)
    {
        using var run = new Run(name);
        run.Load(0);
        run.Model.Differentiate();
        foreach (var parameter in run.Model.Parameters.Parameters)
        {
            var expected = run.Golden.File.Tensors[$"grad.{parameter.Name}"].Floats;
            var found = TowerGoldenTests.Read(run.Kernels, parameter.Gradient);
            double sum = 0, absolute = 0;
            foreach (var value in found)
            {
                sum += value;
                absolute += Math.Abs(value);
            }

            // Relative to the sum of absolutes, which does not cancel. Measured for PyTorch in float32: 1.6e-6 of the largest entry.
            var scale = Math.Max(expected[1], 1e-6);
            Assert.True(Math.Abs(sum - expected[0]) <= 2e-5 * scale, $"{parameter.Name}: sum {sum:g9}, expected {expected[0]:g9}");
            Assert.True(Math.Abs(absolute - expected[1]) <= 2e-5 * scale, $"{parameter.Name}: absolutes {absolute:g9}, expected {expected[1]:g9}");
            var largest = found.Max(MathF.Abs);
            for (var j = 0; j < 16; j++)
            {
                // Entry j (n - 1) / 15, as the file holds it.
                var entry = found[j * (long)(found.Length - 1) / 15];
                Assert.True(Math.Abs(entry - expected[2 + j]) <= 2e-5 * largest + 1e-9, $"{parameter.Name} entry {j}: {entry:g9}, expected {expected[2 + j]:g9}");
            }
        }
    }

    [Theory]
    [InlineData("mamba-paper")]
    [InlineData("transformer-paper")]
    public void Gradients_are_those_of_the_last_batch_alone(string name)
    {
        using var run = new Run(name);
        run.Load(0);
        run.Model.Differentiate();
        var once = TowerGoldenTests.Read(run.Kernels, run.Model.Parameters.Gradients);
        run.Model.Differentiate();

        Assert.Equal(once, TowerGoldenTests.Read(run.Kernels, run.Model.Parameters.Gradients));
    }

    /// <summary>A two-tower model at the stored start, and its batches.</summary>
    sealed class Run : IDisposable
    {
        readonly Pipeline.Features.EncodedTable users, items;
        readonly int batch;

        public Run(string name)
        {
            Golden = new GoldenModel(name);
            (users, items) = (Golden.Table("user"), Golden.Table("item"));
            batch = Golden.File.Tensors["pairs.users"].Shape[1];
            Model = new TwoTower(Kernels, Golden.Options, users.Spec, items.Spec, 1, batch, isTrained: true);
            Golden.WriteParameters(Kernels, Model.Parameters.Parameters);
        }

        public GoldenModel Golden { get; }

        public CpuKernels Kernels { get; } = new(2);

        public TwoTower Model { get; }

        public void Load(int step)
        {
            var tensors = Golden.File.Tensors;
            Model.Users.Load(0, users, tensors["pairs.users"].Integers.AsSpan(step * batch, batch));
            Model.Items.Load(0, items, tensors["pairs.items"].Integers.AsSpan(step * batch, batch));
            Kernels.Write(tensors["pairs.targets"].Floats.AsSpan(step * batch, batch), Model.Targets);
        }

        public void Step(int step)
        {
            Load(step);
            Model.Differentiate();
            Model.Update(new AdamRates(Golden.LearningRate), step + 1);
        }

        public void Dispose() => Kernels.Dispose();
    }
}
