"""The table (Markdown, on standard output) and the figure (SVG) of scripts/compare: RUNS FIGURE "SEED..." NAME..."""
import json
import statistics
import sys

runs, figure, seeds, names = sys.argv[1], sys.argv[2], sys.argv[3].split(), sys.argv[4:]


def load(run):
    with open(f"{runs}/{run}.json") as file:
        sets = json.load(file)["datasets"]
    return next(iter(sets.values()))


cold = load("compare-cold")
levels = sorted(cold["by_difficulty"], key=lambda level: (len(level), level))
results = {name: [load(f"compare-{name}-{seed}") for seed in seeds] for name in names}


def mean(values):
    values = [v for v in values if v is not None]
    return statistics.fmean(values) if values else None


def spread(values, scale=100.0, digits=1):
    """The mean over seeds and half the range between the best and the worst of them."""
    values = [v for v in values if v is not None]
    if not values:
        return "-"
    text = f"{scale * statistics.fmean(values):.{digits}f}"
    return text if len(values) == 1 else f"{text} ± {scale * (max(values) - min(values)) / 2:.{digits}f}"


def think(result, part):
    return mean(result["by_difficulty"][level].get("think_on_rate") for level in part)


third = max(1, len(levels) // 3)
thirds = [levels[:third], levels[third:-third], levels[-third:]]
columns = ["algorithm", "accuracy %", "tokens", "think-on %", "easy", "middle", "hard", "better mode %", "regret"]


def row(name, group):
    probes = [r.get("probe", {}) for r in group]
    return [
        name, spread([r.get("accuracy") for r in group]), spread([r.get("mean_length") for r in group], 1),
        spread([r.get("think_on_rate") for r in group]), *[spread([think(r, part) for r in group]) for part in thirds],
        spread([p.get("judge_accuracy") for p in probes]), spread([p.get("regret") for p in probes]),
    ]


def forced(mode):
    probe = cold["probe"]
    blank = ["-"] * 5
    on = "100.0" if mode == "on" else "0.0"
    label = "cold start, always think" if mode == "on" else "cold start, never think"
    return [label, spread([probe[f"accuracy_{mode}"]]), spread([probe[f"tokens_{mode}"]], 1), on] + blank


rows = [row("cold start", [cold]), forced("on"), forced("off")] + [row(name, results[name]) for name in names]
widths = [max(len(r[i]) for r in rows + [columns]) for i in range(len(columns))]
line = lambda cells: "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths)) + " |"
print(line(columns))
print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
for cells in rows:
    print(line(cells))
print(f"\n{len(seeds)} seeds from one cold start; ± is half the range between seeds; easy, middle and hard are think-on "
      "rates of the thirds of the levels; better mode: share of choices that are the better mode where one is right; "
      "regret: points of accuracy lost against the better mode of every query.")

# --- the figure: accuracy against tokens, and think-on by level ---

palette = ["#1b6ca8", "#d1495b", "#3a8f4d", "#b8860b", "#7b4fa3", "#00808a", "#8a5a44", "#555555"]
ink, faint = "#222222", "#d9d9d9"
height, left, top, bottom, width = 400, 62, 40, 52, 380


def nice(low, high, count=5):
    step = (high - low) / count or 1
    power = 10 ** len(str(int(step))) / 10 if step >= 1 else 0.5 if step >= 0.5 else 0.1
    step = next(k * power for k in (1, 2, 5, 10, 20) if k * power >= step)
    start = int(low // step) * step
    return [start + i * step for i in range(int((high - start) / step) + 2)]


def text(x, y, content, anchor="middle", size=12, color=ink, extra=""):
    content = content.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{color}" {extra}>{content}</text>'


def panel(x0, title, x_ticks, y_ticks, x_label, y_label, x_text):
    inner_w, inner_h = width - left - 14, height - top - bottom
    sx = lambda v: x0 + left + (v - x_ticks[0]) / (x_ticks[-1] - x_ticks[0]) * inner_w
    sy = lambda v: top + inner_h - (v - y_ticks[0]) / (y_ticks[-1] - y_ticks[0]) * inner_h
    parts = [text(x0 + left, top - 16, title, "start", 13, ink, 'font-weight="600"')]
    for v in y_ticks:
        parts.append(f'<line x1="{sx(x_ticks[0]):.1f}" x2="{sx(x_ticks[-1]):.1f}" y1="{sy(v):.1f}" y2="{sy(v):.1f}" stroke="{faint}"/>')
        parts.append(text(sx(x_ticks[0]) - 8, sy(v) + 4, f"{v:g}", "end"))
    for v in x_ticks:
        if x_text(v):
            parts.append(text(sx(v), top + inner_h + 18, x_text(v)))
    parts.append(text(x0 + left + inner_w / 2, height - 14, x_label))
    middle = top + inner_h / 2
    parts.append(text(x0 + 16, middle, y_label, "middle", 12, ink, f'transform="rotate(-90 {x0 + 16} {middle:.1f})"'))
    return sx, sy, parts


points = {name: [(r["mean_length"], 100 * r["accuracy"]) for r in results[name]] for name in names}
reference = {
    "cold start": (cold["mean_length"], 100 * cold["accuracy"]),
    "always think": (cold["probe"]["tokens_on"], 100 * cold["probe"]["accuracy_on"]),
}
every = [p for group in points.values() for p in group] + list(reference.values())
xs, ys = [p[0] for p in every], [p[1] for p in every]
sx, sy, parts = panel(
    0, "Accuracy against tokens", nice(min(xs), max(xs)), nice(min(ys), max(ys)), "mean tokens of a response",
    "accuracy, %", lambda v: f"{v:g}")
for label, (x, y) in reference.items():
    parts.append(f'<path d="M {sx(x) - 5:.1f} {sy(y):.1f} h 10 m -5 -5 v 10" stroke="{ink}" stroke-width="1.5"/>')
    parts.append(text(sx(x) + 8, sy(y) + 14 if label == "cold start" else sy(y) - 8, label, "end", 11))
for i, name in enumerate(names):
    color = palette[i % len(palette)]
    mx, my = mean(p[0] for p in points[name]), mean(p[1] for p in points[name])
    for x, y in points[name]:
        parts.append(f'<line x1="{sx(mx):.1f}" y1="{sy(my):.1f}" x2="{sx(x):.1f}" y2="{sy(y):.1f}" stroke="{color}" stroke-opacity="0.5"/>')
        parts.append(f'<circle cx="{sx(x):.1f}" cy="{sy(y):.1f}" r="2.5" fill="{color}" fill-opacity="0.5"/>')
    parts.append(f'<circle cx="{sx(mx):.1f}" cy="{sy(my):.1f}" r="5" fill="{color}"/>')

places = list(range(1, len(levels) + 1))
sx, sy, second = panel(
    width + 20, "Think-on rate by level", [0.7, *places, len(levels) + 0.3], [0, 25, 50, 75, 100],
    "level, easiest first", "think-on, %", lambda v: levels[int(v) - 1] if v in places else "")
parts += second


def curve(group, color, dash=""):
    path = " ".join(
        f"{'M' if i == 0 else 'L'} {sx(i + 1):.1f} {sy(100 * (mean(think(r, [level]) for r in group) or 0)):.1f}"
        for i, level in enumerate(levels))
    parts.append(f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2" {dash}/>')


curve([cold], ink, 'stroke-dasharray="4 4"')
for i, name in enumerate(names):
    curve(results[name], palette[i % len(palette)])
legend_x = 2 * width + 44
parts.append(f'<path d="M {legend_x} {top + 10} h 18" stroke="{ink}" stroke-width="2" stroke-dasharray="4 4"/>')
parts.append(text(legend_x + 26, top + 14, "cold start", "start"))
for i, name in enumerate(names):
    y = top + 34 + 22 * i
    parts.append(f'<path d="M {legend_x} {y} h 18" stroke="{palette[i % len(palette)]}" stroke-width="4"/>')
    parts.append(text(legend_x + 26, y + 4, name, "start"))
total = legend_x + 160
with open(figure, "w") as file:
    file.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{height}" viewBox="0 0 {total} {height}" '
        f'font-family="system-ui, sans-serif"><rect width="{total}" height="{height}" fill="#ffffff"/>\n'
        + "\n".join(parts) + "\n</svg>\n")
print(f"\nwrote {figure}", file=sys.stderr)
