using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Workers;

/// <summary>Whoever holds a dataset's lock, on any machine that shares the folder.</summary>
sealed class LockWorkers : IWorkerSource
{
    public IEnumerable<Worker> Workers(PageRequest request) =>
        from dataset in request.Session.Datasets
        let holder = DatasetLock.Holder(request.Root, dataset.Name)
        where holder is not null
        select new Worker(holder.Host, holder.Pid, holder.Run, dataset.Name, holder.Command, holder.Since, "lock");
}
