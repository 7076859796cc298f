namespace Pipeline.Kernels.Cpu;

/// <summary>Work cut into numbered parts that may run in any order and at once. A readonly struct.</summary>
interface IWork
{
    /// <param name="index">Which part: 0 .. count - 1. How work is cut into parts follows from shapes only.</param>
    /// <param name="worker">Which thread: 0 .. threads - 1, for its scratch memory. Results must not depend on it.</param>
    void Run(int index, int worker);
}
