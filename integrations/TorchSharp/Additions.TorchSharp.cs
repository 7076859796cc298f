using Pipeline.Integrations;

namespace Pipeline.Host;

static partial class Additions
{
    static partial void AddEngines(List<EngineKind> all) => all.Add(new EngineKind("torchsharp", TorchEngine.Open));
}
