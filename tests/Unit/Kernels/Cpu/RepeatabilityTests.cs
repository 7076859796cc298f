namespace Pipeline.Unit.Kernels.Cpu;

/// <summary>What holds for every kernel, whatever it computes.</summary>
public sealed class RepeatabilityTests
{
    public static TheoryData<string> Names => KernelCalls.Names;

    [Theory, MemberData(nameof(Names))]
    public void Bytes_do_not_depend_on_the_number_of_threads(string name)
    {
        var one = Bits(name, new Scene(threads: 1));
        Assert.Equal(one, Bits(name, new Scene(threads: 2)));
        Assert.Equal(one, Bits(name, new Scene(threads: 3)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Replicas_at_once_equal_replicas_one_by_one(string name)
    {
        using var together = new Scene(replicas: 3);
        KernelCalls.All[name](together)();
        for (var replica = 0; replica < 3; replica++)
        {
            Assert.Equal(Bits(name, new Scene(first: replica)), together.Bits(replica));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Views_give_the_bytes_of_whole_tensors_and_nothing_beside_them_is_read(string name)
    {
        var viewed = Bits(name, new Scene(isStrided: true));
        Assert.Equal(Bits(name, new Scene(isStrided: false)), viewed);
        Assert.DoesNotContain(viewed, bits => float.IsNaN(BitConverter.Int32BitsToSingle(bits)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Second_call_does_not_see_what_the_first_left_in_scratch_memory(string name)
    {
        using var scene = new Scene();
        KernelCalls.All[name](scene)();
        var first = scene.Bits(0);
        KernelCalls.All[name](scene)();
        Assert.Equal([.. first, .. first], scene.Bits(0));
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_is_allocated_once_warm(string name)
    {
        using var scene = new Scene(threads: 2, replicas: 2);
        var call = KernelCalls.All[name](scene);
        Assert.Equal(0, Allocations.Of(call));
    }

    static int[] Bits(string name, Scene scene)
    {
        using (scene)
        {
            KernelCalls.All[name](scene)();
            return scene.Bits(0);
        }
    }
}
