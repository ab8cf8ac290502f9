// Draws each figure's chart from the table inside it, so that the page says the
// same with and without a script.
(() => {
  "use strict";
  if (typeof uPlot === "undefined") return; // the tables say all of it
  const zone = document.documentElement.dataset.zone;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const inks = ["first", "second", "good", "soft"];
  const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
  const day = 86400;

  // read takes the columns of a table: times or names first, then numbers.
  const read = (table) => {
    const cells = [...table.tHead.rows[0].cells].filter((c, i) => i > 0 && !("undrawn" in c.dataset));
    const head = cells.map((c) => c.textContent);
    const rows = [...table.tBodies[0].rows];
    const times = rows.map((r) => r.cells[0].querySelector("time"));
    const names = rows.map((r) => r.cells[0].textContent);
    const columns = cells.map((c) => rows.map((r) => {
      const value = r.cells[c.cellIndex].querySelector("data");
      return value ? Number(value.value) : null;
    }));
    const timed = times.some((t) => t);
    let x = rows.map((_, i) => i);
    if (timed) {
      const known = times.filter((t) => t).map((t) => Date.parse(t.dateTime) / 1000);
      const first = Math.min(...known), span = Math.max(...known) - first;
      x = times.map((t) => (t ? Date.parse(t.dateTime) / 1000 : first - Math.max(span / 12, 60)));
    }
    return { head, names, timed, data: [x, ...columns] };
  };

  const paths = (kind, i, n) => {
    switch (kind) {
      case "step": return uPlot.paths.stepped({ align: 1 });
      case "bars": return uPlot.paths.bars({ size: [0.6, 60] });
      case "groups": return uPlot.paths.bars({ size: [0.8 / n, 40], align: i === 0 ? -1 : 1 });
      default: return undefined;
    }
  };

  const draw = (figure, plot, source) => {
    const kind = figure.dataset.chart, { head, names, timed, data } = source;
    const bars = kind === "bars" || kind === "groups";
    const span = data[0][data[0].length - 1] - data[0][0];
    const axis = { stroke: colour("soft"), grid: { stroke: colour("grid"), width: 1 }, ticks: { stroke: colour("grid"), width: 1 }, font: "12px system-ui, sans-serif" };
    const across = timed
      ? { ...axis, space: 70, incrs: span > 2 * day ? [1, 2, 4, 7, 14].map((n) => n * day) : undefined, values: (_, at) => at.map((t) => new Intl.DateTimeFormat("en-GB", span > 2 * day ? { day: "numeric", month: "short", timeZone: zone } : { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(t * 1000)) }
      : { ...axis, splits: () => data[0], values: (_, at) => at.map((i) => names[i]), rotate: names.length > 6 ? -50 : 0, size: names.length > 6 ? 64 : 40, grid: { show: false } };
    const pad = timed ? Math.max(span * 0.03, 60) : 0.6;
    const options = {
      tzDate: (t) => uPlot.tzDate(new Date(t * 1000), zone),
      width: Math.max(plot.clientWidth, 200), height: 240, legend: { show: false }, cursor: { drag: { setScale: false } },
      scales: {
        x: { time: timed, range: (_, low, high) => [low - (bars || !timed ? Math.max(pad, timed ? day * 0.6 : 0) : pad), high + (bars || !timed ? Math.max(pad, timed ? day * 0.6 : 0) : pad)] },
        y: { range: (_, low, high) => { const room = (high - low) * 0.15 || Math.abs(high) * 0.1 || 1, most = Number(figure.dataset.most ?? Infinity); return [bars ? Math.min(0, low - (low < 0 ? room : 0)) : low - room, Math.min(high + room, most)]; } },
      },
      axes: [across, { ...axis, size: 64 }],
      series: [{}, ...head.map((label, i) => ({
        label, stroke: colour(inks[i % inks.length]), width: 2, dash: bars ? undefined : dashes[i % dashes.length],
        fill: bars ? colour(inks[i % inks.length]) : undefined, paths: paths(kind, i, head.length),
        points: { show: !bars, size: 6, fill: colour(inks[i % inks.length]) }, spanGaps: false,
      }))],
    };
    return new uPlot(options, data, plot);
  };

  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    const source = read(figure.querySelector("table"));
    if (!source.data.slice(1).some((column) => column.some((v) => v !== null))) continue;
    const caption = figure.querySelector("figcaption");
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", caption.textContent + ". The values are in the table below.");
    caption.after(plot);
    if (source.head.length > 1) {
      const legend = document.createElement("ul");
      legend.className = "legend";
      for (const label of source.head) legend.append(Object.assign(document.createElement("li"), { textContent: label }));
      plot.after(legend);
    }
    figure.querySelector("details").open = false;
    let chart = draw(figure, plot, source);
    const again = () => { chart.destroy(); chart = draw(figure, plot, source); };
    new ResizeObserver(() => { if (Math.abs(chart.width - plot.clientWidth) > 1) again(); }).observe(plot);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  }
})();
