using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Scoring;

namespace Pipeline.Bench;

/// <summary>The nightly job: embeds a table of users, then takes the best items of each.</summary>
static class ScoreBench
{
    const int TableUsers = 4096, ListUsers = 1_000_000, Items = 100, Width = 32, Length = 12;

    public static Results Run(Setup setup)
    {
        var threads = setup.Options.Threads;
        var towers = (
            from world in World.All
            from tower in AllTowers.List
            select (Case: Embedding(world, tower, threads), Cost: Floor(world, tower, setup.Ceiling))).ToList();
        var lists = Lists(threads);
        Rounds.Run([.. towers.Select(item => item.Case), lists], setup, RunPeer);
        return Results.Of(
            setup,
            [
                .. towers.Select(item => Row(item.Case, item.Cost, TableUsers, setup.Peer)),
                Row(lists, new Cost(2.0 * ListUsers * Items * Width, sizeof(float) * (double)ListUsers * (Width + (2 * Length))).Milliseconds(setup.Ceiling), ListUsers, setup.Peer),
            ],
            $"Towers: {TableUsers} distinct rows of a user table, embedded. Lists: the best {Length} of {Items} items for {ListUsers} users, embeddings {Width} wide; its peer is FAISS.");
    }

    static Row Row(Case item, double floor, int users, Peer? peer) =>
        new(item.Name, item.Median, floor, peer?.Ms(item.Name), new("bestMs", item.Best), new("usersPerSecond", users * 1000 / item.Median));

    static Case Embedding(World world, ITowerOptions tower, int threads)
    {
        var model = new TableEmbedder(tower, world.Users, world.Items, threads);
        model.Parameters.Initialise(model.Kernels, 0, 1);
        var users = World.Table(world.Users, TableUsers);
        int[] rows = [.. Enumerable.Range(0, TableUsers)];
        return new Case($"{world.Name}/{tower.Name}", () => model.Users(users, rows));
    }

    /// <summary>Milliseconds at least for the table, from what its kernels are called with.</summary>
    static double Floor(World world, ITowerOptions tower, Ceiling ceiling)
    {
        const int users = 64;
        using var kernels = new ProfiledKernels(new CpuKernels(1), ceiling);
        var model = new TwoTower(kernels, tower, world.Users, world.Items, 1, users, isTrained: false);
        new Embedder(kernels, model).Users(World.Table(world.Users, users), [.. Enumerable.Range(0, users)]);
        return kernels.Times.Sum(time => time.FloorMs) * TableUsers / users;
    }

    static Case Lists(int threads)
    {
        // As they come out of a ReLU.
        static float[] Embeddings(int count) => [.. Tensors.Numbers(count * Width).Select(value => Math.Max(value, 0))];
        float[] users = Embeddings(ListUsers), items = Embeddings(Items);
        return new Case("lists", () => TopLists.Of(users, items, Width, Length, threads));
    }

    static void RunPeer(Peer peer, double seconds)
    {
        peer.Run(
            "infer", seconds, ["--scans", "af", "--conv", "shift"],
            row => ($"{row["dataset"]}/{row["embedder"]}", (double)row["ms_median"]! * TableUsers / (double)row["batch"]!));
        peer.Run("topk", seconds, [], row => ((string)row["impl"]! == "faiss_IndexFlatIP" ? "lists" : "other", (double)row["s_median"]! * 1000));
    }
}
