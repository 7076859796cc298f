// Live updates only: every page is whole without this. <main data-events="ADDRESS"> names a stream of server-sent events:
//   progress  [{ stage, fraction, text }]   how far running stages are
//   log       "line\nline"                   what the run said since
//   changed   ""                             something happened: the parts marked data-live are fetched anew
"use strict";
{
  const main = document.querySelector("main[data-events]");
  const show = (stages) => {
    for (const stage of stages) {
      const row = main.querySelector(`[data-stage="${CSS.escape(stage.stage)}"]`);
      if (!row) continue;
      row.querySelector("progress").value = stage.fraction;
      row.querySelector("[data-text]").textContent = stage.text;
    }
  };
  const append = (text) => {
    const log = main.querySelector("[data-log]");
    if (!log || !text) return;
    const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    log.append(text);
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  };
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of main.querySelectorAll("[data-live]")) {
      const next = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
      if (next && !part.contains(document.activeElement)) part.replaceWith(next);
    }
  };
  if (main) {
    const log = main.querySelector("[data-log]");
    if (log) log.scrollTop = log.scrollHeight;
    const events = new EventSource(main.dataset.events);
    events.addEventListener("progress", (event) => show(JSON.parse(event.data)));
    events.addEventListener("log", (event) => append(JSON.parse(event.data)));
    events.addEventListener("changed", refresh);
    events.addEventListener("end", () => events.close());
    addEventListener("pagehide", () => events.close());
  }
}
