extension RunReport {
  /// Reading the data, making elements (text only, never markup), numbers as people read them.
  static let scriptBasics = #"""
    const data = JSON.parse(document.getElementById("data").textContent);
    const runs = data.runs;
    const state = { smooth: 1, hidden: new Set() };

    function el(name, attributes, ...children) {
      const node = document.createElement(name);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (key === "class") node.className = value;
        else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
      }
      node.append(...children.filter((child) => child !== null && child !== undefined));
      return node;
    }

    function svg(name, attributes, text) {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      if (text !== undefined) node.textContent = text;
      return node;
    }

    function short(value) {
      if (value === null || value === undefined || !Number.isFinite(value)) return "-";
      const size = Math.abs(value);
      if (size === 0) return "0";
      if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
      return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 4);
    }
    const percent = (value) => (value === null || value === undefined ? "-" : (100 * value).toFixed(1) + " %");
    const withUnit = (value, unit) => (unit === "ratio" ? percent(value) : short(value) + (unit === "1" ? "" : " " + unit));
    const definition = (name) => data.definitions[name] || { unit: "1", over: "", meaning: "" };
    const points = (run, name) => run.metrics[name] || [];
    const has = (name) => runs.some((run) => points(run, name).length > 0);

    function ticks(low, high, count) {
      if (!(high > low)) {
        const margin = low === 0 ? 0.5 : Math.abs(low) * 0.1;
        if (low !== 0) low -= margin;
        high += margin;
      }
      const rough = (high - low) / count;
      const power = Math.pow(10, Math.floor(Math.log10(rough)));
      const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) * power;
      const first = Math.floor(low / step + 1e-9), last = Math.ceil(high / step - 1e-9);
      const values = [];
      for (let i = first; i <= last && values.length < 50; i++) values.push(i * step);
      const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (Math.abs(step / power - 2.5) < 1e-6 ? 1 : 0));
      const text = (v) => (Math.abs(v) >= 1e6 || decimals > 5 ? v.toExponential(1) : v.toFixed(Math.min(decimals, 8)));
      return { values, text };
    }
    """#

  /// A line chart: hover shows the values of a step, a click on the legend hides a line.
  static let scriptChart = #"""
    const dashes = ["", "6 3", "2 3", "8 3 2 3"];
    const charts = [];

    function smoothed(list) {
      if (state.smooth <= 1) return list;
      return list.map((point, index) => {
        const window = list.slice(Math.max(0, index - state.smooth + 1), index + 1).map((p) => p[1])
          .filter((v) => v !== null);
        return [point[0], window.length ? window.reduce((a, b) => a + b, 0) / window.length : null];
      });
    }

    // Areas on top of each other: [[step, lower, upper]] of each line, in their order.
    function layersOf(shown) {
      const base = new Map();
      return shown.map((line) => (line.dots ? line.points : smoothed(line.points)).filter((p) => p[1] !== null)
        .map(([x, y]) => {
          const lower = base.get(x) || 0;
          base.set(x, lower + y);
          return [x, lower, lower + y];
        }));
    }

    // series: [{label, colour, dash, points: [[step, value or null]], dots}]; options: {meaning, stacked, caption}
    function chart(title, unit, series, options) {
      series = series.filter((line) => line.points.length > 0);
      if (series.length === 0) return null;
      const card = el("section", { class: "card chart" },
        el("h3", { title: options && options.meaning }, title + " ", el("span", { class: "unit" }, "[" + unit + "]")),
        options && options.caption ? el("p", { class: "caption" }, options.caption) : null);
      const stacked = Boolean(options && options.stacked);
      const holder = el("div", {});
      const off = new Set();
      const legend = el("div", { class: "legend" });
      for (const line of series) {
        const swatch = el("span", { class: "swatch" });
        swatch.style.borderTopColor = "var(" + line.colour + ")";
        swatch.style.borderTopStyle = line.dash ? "dashed" : "solid";
        if (stacked) swatch.classList.add("block");
        const button = el("button", { type: "button", "aria-pressed": "true", title: line.meaning, onclick: () => {
          if (off.has(line)) off.delete(line); else off.add(line);
          button.classList.toggle("off", off.has(line));
          button.setAttribute("aria-pressed", String(!off.has(line)));
          draw();
        } }, swatch, line.label);
        legend.append(button);
      }
      card.append(holder);
      if (series.length > 1 || runs.length > 1) card.append(legend);

      function draw() {
        const shown = series.filter((line) => !off.has(line));
        const width = Math.max(260, holder.clientWidth || 420), height = 220;
        const finite = shown.flatMap((line) => line.points).filter((p) => p[1] !== null);
        const root = svg("svg", { viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": title });
        holder.replaceChildren(root);
        if (finite.length === 0) return;
        const layers = stacked ? layersOf(shown) : [];
        const extent = (list) => list.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)],
          [Infinity, -Infinity]);
        const [x0, lastX] = extent(finite.map((p) => p[0]));
        let [low, high] = extent(stacked ? layers.flat().map((p) => p[2]) : finite.map((p) => p[1]));
        if (stacked) low = 0;
        if (unit === "ratio" && (stacked || high > 0.25) && low >= 0 && high <= 1 + 1e-9) { low = 0; high = 1; }
        const yTicks = ticks(low, high, 4);
        low = Math.min(low, yTicks.values[0]); high = Math.max(high, yTicks.values[yTicks.values.length - 1]);
        const left = 12 + 6.4 * Math.max(...yTicks.values.map((v) => yTicks.text(v).length));
        const box = { left, right: width - 10, top: 10, bottom: height - 24 };
        const x1 = Math.max(lastX, x0 + 1);
        const X = (x) => box.left + (x - x0) / (x1 - x0) * (box.right - box.left);
        const Y = (y) => box.bottom - (y - low) / (high - low) * (box.bottom - box.top);
        for (const value of yTicks.values) {
          root.append(svg("line", { class: "tick", x1: box.left, x2: box.right, y1: Y(value), y2: Y(value) }));
          root.append(svg("text", { x: box.left - 6, y: Y(value) + 4, "text-anchor": "end" }, yTicks.text(value)));
        }
        const xTicks = ticks(x0, x1, Math.max(2, Math.floor(width / 90)));
        for (const value of xTicks.values) {
          if (value < x0 || value > x1 || value !== Math.round(value)) continue;
          root.append(svg("text", { x: X(value), y: height - 8, "text-anchor": "middle" }, String(value)));
        }
        root.append(svg("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
        const path = (list) => {
          let text = "", pen = false;
          for (const [x, y] of list) {
            if (y === null) { pen = false; continue; }
            text += (pen ? "L" : "M") + X(x).toFixed(1) + " " + Y(y).toFixed(1);
            pen = true;
          }
          return text;
        };
        layers.forEach((layer, index) => {
          if (!layer.length) return;
          const edge = (list, at) => list.map((p, i) => (i ? "L" : "") + X(p[0]).toFixed(1) + " " + Y(p[at]).toFixed(1))
            .join("");
          root.append(svg("path", { class: "area", style: "fill: var(" + shown[index].colour + ")",
            d: "M" + edge(layer, 2) + "L" + edge(layer.slice().reverse(), 1) + "Z" }));
        });
        for (const line of stacked ? [] : shown) {
          const style = "stroke: var(" + line.colour + ")";
          if (state.smooth > 1 && !line.dots) root.append(svg("path", { class: "raw", d: path(line.points), style }));
          const main = line.dots ? line.points : smoothed(line.points);
          root.append(svg("path", { class: "line", d: path(main), style, "stroke-dasharray": line.dash || "none" }));
          if (line.dots || line.points.length === 1) {
            for (const [x, y] of line.points) {
              if (y !== null) {
                root.append(svg("circle", { cx: X(x), cy: Y(y), r: 3, style: "fill: var(" + line.colour + ")" }));
              }
            }
          }
        }
        const cross = svg("line", { class: "cross", y1: box.top, y2: box.bottom, visibility: "hidden" });
        root.append(cross);
        root.addEventListener("pointermove", (event) => {
          const bounds = root.getBoundingClientRect();
          const wanted = x0 + ((event.clientX - bounds.left) / bounds.width * width - box.left)
            / (box.right - box.left) * (x1 - x0);
          const steps = shown.flatMap((line) => line.points.map((p) => p[0]));
          const step = steps.reduce((best, x) => (Math.abs(x - wanted) < Math.abs(best - wanted) ? x : best), steps[0]);
          cross.setAttribute("x1", X(step)); cross.setAttribute("x2", X(step));
          cross.setAttribute("visibility", "visible");
          const rows = shown.map((line) => {
            const found = line.points.find((p) => p[0] === step);
            if (!found) return null;
            const swatch = el("span", { class: "swatch" });
            swatch.style.borderTopColor = "var(" + line.colour + ")";
            swatch.style.display = "inline-block";
            return el("tr", {}, el("td", {}, swatch), el("td", {}, line.label),
              el("td", { class: "n" }, withUnit(found[1], unit)));
          });
          tip(event, el("div", {}, el("b", {}, "step " + step), el("table", {}, ...rows)));
        });
        root.addEventListener("pointerleave", () => { cross.setAttribute("visibility", "hidden"); untip(); });
      }
      charts.push(draw);
      return card;
    }

    function tip(event, content) {
      const box = document.getElementById("tip");
      box.replaceChildren(content);
      box.hidden = false;
      const bounds = box.getBoundingClientRect();
      const x = event.clientX + 16 + bounds.width > innerWidth ? event.clientX - bounds.width - 16 : event.clientX + 16;
      box.style.left = Math.max(4, x) + "px";
      box.style.top = Math.max(4, Math.min(event.clientY + 12, innerHeight - bounds.height - 4)) + "px";
    }
    function untip() { document.getElementById("tip").hidden = true; }

    // Lines of the wanted metrics for all runs: colour by metric and dash by run, or colour by run for one metric.
    function lines(wanted, labels) {
      const list = [];
      wanted.forEach((name, index) => runs.forEach((run, runIndex) => {
        if (!points(run, name).length) return;
        const label = labels ? labels[index] : name;
        const colour = wanted.length === 1 ? "--s" + (runIndex % 7) : "--s" + (index % 7);
        list.push({ points: points(run, name), meaning: definition(name).meaning,
          label: runs.length > 1 ? (wanted.length === 1 ? run.name : run.name + ": " + label) : label,
          colour, dash: wanted.length === 1 ? "" : dashes[runIndex % dashes.length], dots: name.startsWith("eval/") });
      }));
      return list;
    }
    function metricChart(title, wanted, labels, caption) {
      const present = wanted.filter(has);
      if (!present.length) return null;
      const kept = labels ? labels.filter((_, index) => has(wanted[index])) : null;
      const meaning = present.map((name) => definition(name)).map((d) => d.meaning + " Over: " + d.over + ".").join("\n");
      return chart(title, definition(present[0]).unit, lines(present, kept), { meaning, caption });
    }
    """#
}
