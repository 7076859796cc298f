using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>Pauses and resumes schedules: a line in the ledger, which a server sees as well as whoever lists the schedules.</summary>
static class ScheduleSwitch
{
    /// <summary>From now on its due instants get no run.</summary>
    public static void Pause(this Ledger ledger, string schedule) => ledger.Append(new LedgerEntry { Event = LedgerEvent.SchedulePaused, Schedule = schedule });

    /// <summary>From now on its due instants count again; those before are not caught up.</summary>
    public static void Resume(this Ledger ledger, string schedule) => ledger.Append(new LedgerEntry { Event = LedgerEvent.ScheduleResumed, Schedule = schedule });
}
