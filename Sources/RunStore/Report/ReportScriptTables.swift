extension RunReport {
  /// Evaluation before and after, the registry of metrics, the configuration.
  static let scriptTables = #"""
    function table(heads, rows) {
      return el("div", { class: "scroll" }, el("table", { class: "data" }, el("thead", {}, ...heads),
        el("tbody", {}, ...rows)));
    }
    const cellOf = (text, numeric, more) => el("td", { class: (numeric ? "n" : "") + (more ? " " + more : "") }, text);

    function evaluationTables() {
      const parts = [];
      for (const run of runs) {
        for (const dataset of [...new Set(run.evaluations.map((e) => e.dataset))]) {
          const all = run.evaluations.filter((e) => e.dataset === dataset);
          const first = all[0], last = all[all.length - 1];
          const shown = all.length > 1 ? [first, last] : [first];
          const labels = shown.map((e) => (e.step === 0 ? "before RL" : "step " + e.step));
          const measures = ["think-on", "accuracy", "mean tokens", "invalid"];
          const heads = [
            el("tr", {}, el("th", { colspan: 3 }), ...measures.map((m) => el("th", { class: "n", colspan: shown.length }, m))),
            el("tr", {}, el("th", {}, "domain"), el("th", {}, "level"), el("th", { class: "n" }, "items"),
              ...measures.flatMap(() => labels.map((label) => el("th", { class: "n" }, label))))];
          const row = (cells, domain, level, total) => {
            const values = [];
            for (const [key, form] of [["thinkOn", percent], ["accuracy", percent], ["length", short],
              ["invalid", percent]]) {
              for (const cell of cells) {
                const td = cellOf(cell ? form(cell[key]) : "-", true);
                if (key === "thinkOn" && cell && cell[key] !== null) {
                  const fill = el("span", { class: "fill" });
                  fill.style.width = Math.round(60 * cell[key]) + "px";
                  td.prepend(fill);
                }
                values.push(td);
              }
            }
            const count = cells.find((c) => c);
            return el("tr", { class: total ? "total" : "" }, cellOf(domain), cellOf(level),
              cellOf(count ? String(count.count) : "-", true), ...values);
          };
          const rows = last.cells.map((cell) => row(shown.map((e) => e.cells.find((c) => c.domain === cell.domain
            && c.difficulty === cell.difficulty)), cell.domain || "all", cell.difficulty || "all"));
          rows.push(row(shown.map((e) => e.total), "total", "", true));
          parts.push(el("h3", { style: "margin: 16px 0 6px" }, (runs.length > 1 ? run.name + ": " : "") + dataset),
            table(heads, rows));
        }
      }
      return parts;
    }

    function metricTable() {
      const names = Object.keys(data.definitions).sort();
      const heads = [{ text: "metric" }, { text: "unit" }];
      for (const run of runs) heads.push({ text: runs.length > 1 ? "first, " + run.name : "first", n: true },
        { text: runs.length > 1 ? "last, " + run.name : "last", n: true });
      heads.push({ text: "meaning" }, { text: "over" });
      const head = el("tr", {}, ...heads.map((h) => el("th", { class: h.n ? "n" : "" }, h.text)));
      return table([head], names.map((name) => {
        const d = definition(name);
        const cells = [cellOf(name), cellOf(d.unit)];
        for (const run of runs) {
          const list = points(run, name);
          cells.push(cellOf(list.length ? short(list[0][1]) : "-", true),
            cellOf(list.length ? short(list[list.length - 1][1]) : "-", true));
        }
        cells.push(cellOf(d.meaning, false, "long"), cellOf(d.over));
        return el("tr", {}, ...cells);
      }));
    }
    """#
}
