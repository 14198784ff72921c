extension RunReport {
  /// Puts the page together.
  static let scriptPage = #"""
    function section(title, note, ...content) {
      const kept = content.flat().filter((part) => part);
      if (!kept.length) return [];
      const id = title.toLowerCase().replace(/[^a-z]+/g, "-");
      return [el("h2", { id }, title), note ? el("p", { class: "note" }, note) : null, ...kept].filter((part) => part);
    }
    function grid(...cards) {
      const kept = cards.flat(3).filter((card) => card);
      return kept.length ? el("div", { class: "grid" }, ...kept) : null;
    }

    function header(run) {
      const facts = [["step", run.step + (run.total ? " of " + run.total : "")], ["created", run.created],
        ["seed", run.seed], ["version", run.code]];
      return el("div", {}, el("h1", {}, run.name), el("p", { class: "facts" },
        el("span", { class: "state " + run.state }, run.state + (run.detail ? ": " + run.detail : "")),
        ...facts.map(([name, value]) => el("span", {}, name + " " + value))));
    }

    function tiles(run) {
      const mean = (list) => list.reduce((sum, p) => sum + p[1], 0) / list.length;
      const wanted = [["mode/think_on_rate", "think-on rate"], ["accuracy", "accuracy"],
        ["completions/mean_length", "tokens per response"], ["reward", "reward"], ["mode/invalid_rate", "invalid formats"]];
      const list = wanted.map(([name, label]) => {
        const values = points(run, name).filter((p) => p[1] !== null);
        if (!values.length) return null;
        const size = Math.max(1, Math.min(10, Math.floor(values.length / 4)));
        const unit = definition(name).unit;
        const form = (v) => (unit === "ratio" ? percent(v) : short(v));
        return el("div", { class: "tile", title: definition(name).meaning }, el("small", {}, label),
          el("b", {}, form(mean(values.slice(-size)))),
          el("small", {}, "from " + form(mean(values.slice(0, size))) + " at the start"));
      });
      return el("div", { class: "tiles" }, ...list);
    }

    // Small multiples: one chart per domain, one line per difficulty.
    function byDifficulty(base, title) {
      const found = {};
      for (const name of Object.keys(data.definitions)) {
        if (!name.startsWith(base + "/")) continue;
        const parts = name.slice(base.length + 1).split("/");
        if (parts.length === 2) (found[parts[0]] = found[parts[0]] || []).push([parts[1], name]);
      }
      return Object.keys(found).sort().map((domain) => {
        const levels = found[domain].sort((a, b) => a[0].localeCompare(b[0], "en", { numeric: true }));
        const list = [];
        levels.forEach(([level, name], index) => runs.forEach((run, runIndex) => list.push({
          label: (runs.length > 1 ? run.name + ": " : "") + "level " + level, points: points(run, name),
          colour: "--l" + Math.round(index * 5 / Math.max(1, levels.length - 1)), meaning: definition(name).meaning,
          dash: dashes[runIndex % dashes.length], dots: base.startsWith("eval/") })));
        return chart(title + ", " + domain, definition(base).unit, list);
      });
    }

    // Figure 5 of the report: which mode the policy chose, as shares of all free responses.
    function shares(run) {
      const invalid = new Map(points(run, "mode/invalid_rate"));
      const valid = points(run, "mode/think_on_rate").filter((p) => p[1] !== null);
      if (!valid.length) return null;
      const broken = ([x]) => invalid.get(x) || 0;
      return chart("Think-on and think-off" + (runs.length > 1 ? ", " + run.name : ""), "ratio", [
        { label: "think-on", colour: "--s0", points: valid.map((p) => [p[0], p[1] * (1 - broken(p))]),
          meaning: "Responses in which the policy chose to think." },
        { label: "think-off", colour: "--s4", points: valid.map((p) => [p[0], (1 - p[1]) * (1 - broken(p))]),
          meaning: "Responses in which the policy answered at once." },
        { label: "invalid", colour: "--mute", points: valid.map((p) => [p[0], broken(p)]),
          meaning: "Responses that break the format." },
      ], { stacked: true, meaning: "Shares of all free responses of a step.",
        caption: "Figure 5: share of each mode per training step" });
    }

    // What a step's time is spent on.
    function phases(run) {
      const parts = [["time/generate", "sampling", "--s0"], ["time/score", "verification", "--s2"],
        ["time/train", "update", "--s1"]].filter(([name]) => points(run, name).length);
      if (!parts.length) return null;
      return chart("Time of a step" + (runs.length > 1 ? ", " + run.name : ""), "s", parts.map(([name, label, colour]) => (
        { label, colour, points: points(run, name), meaning: definition(name).meaning })), { stacked: true });
    }

    function findings() {
      return runs.flatMap((run) => run.findings.map((f) => el("div", { class: "finding " + f.severity },
        el("b", {}, (runs.length > 1 ? run.name + ": " : "") + f.name), el("p", {}, f.evidence),
        el("ul", {}, ...f.advice.map((advice) => el("li", {}, advice))))));
    }

    // The keys in which the runs of the page differ.
    function configurationDifferences() {
      if (runs.length < 2) return null;
      const flat = (value, key, into) => {
        if (value !== null && typeof value === "object" && !Array.isArray(value)) {
          for (const [name, inner] of Object.entries(value)) flat(inner, key ? key + "." + name : name, into);
        } else into[key] = JSON.stringify(value);
        return into;
      };
      const all = runs.map((run) => flat(run.config, "", {}));
      const keys = [...new Set(all.flatMap((c) => Object.keys(c)))]
        .filter((key) => all.some((c) => c[key] !== all[0][key]));
      if (!keys.length) return el("p", { class: "note" }, "All runs of this page have the same configuration.");
      return table([el("tr", {}, el("th", {}, "key"), ...runs.map((run) => el("th", {}, run.name)))],
        keys.map((key) => el("tr", {}, cellOf(key), ...all.map((c) => cellOf(c[key] === undefined ? "-" : c[key])))));
    }

    function datasets() {
      const names = new Set();
      for (const name of Object.keys(data.definitions)) {
        const parts = name.split("/");
        if (parts[0] === "eval" && parts.length === 3) names.add(parts[1]);
      }
      return [...names].sort();
    }
    const named = (pattern) => Object.keys(data.definitions).filter((name) => pattern.test(name)).sort();

    function build() {
      const page = document.getElementById("page");
      const slider = el("input", { type: "range", id: "smooth", min: 1, max: 50, value: 1, oninput: () => {
        state.smooth = Number(slider.value); shown.textContent = slider.value; redraw(); } });
      const shown = el("span", {}, "1");
      const parts = [];
      for (const run of runs) parts.push(header(run), tiles(run));
      if (document.body.dataset.running === "true") {
        parts.push(el("p", { class: "note live" }, "Written at " + data.written + " while the run goes on; the page "
          + "reads itself anew every 30 seconds while it is scrolled to the top."));
      }
      parts.push(...section("What the doctor says", "Known reasons why a run does not learn, found in its last steps.",
        findings()));
      parts.push(el("div", { class: "bar", style: "margin-top: 22px" },
        el("label", {}, "mean of the last", slider, shown, "steps")));
      parts.push(...section("When the policy thinks", "Share of responses in which the policy chose to think, and what it spends on them.",
        grid(runs.map(shares),
          metricChart("Tokens per response", ["completions/mean_length", "mode/length_on", "mode/length_off"],
            ["all", "think-on", "think-off"], "Figure 6: mean tokens per training step"),
          runs.length > 1 ? metricChart("Think-on rate", ["mode/think_on_rate"]) : null,
          metricChart("Accuracy", ["accuracy", "mode/accuracy_on", "mode/accuracy_off"],
            ["chosen mode", "think-on (p_on)", "think-off (p_off)"]))));
      const sets = datasets();
      parts.push(...section("On held-out data", "The policy chooses its mode; one point per checkpoint evaluated.",
        grid(metricChart("Think-on rate", sets.map((s) => "eval/" + s + "/think_on_rate"), sets,
            "Figure 7: think-on rate per data set over checkpoints"),
          metricChart("Tokens per response", sets.map((s) => "eval/" + s + "/mean_length"), sets,
            "Figure 8: mean tokens per data set over checkpoints"),
          metricChart("Accuracy", sets.map((s) => "eval/" + s + "/accuracy"), sets)),
        grid(sets.map((s) => byDifficulty("eval/" + s + "/think_on_rate", "Think-on rate, " + s)),
          sets.map((s) => byDifficulty("eval/" + s + "/mean_length", "Tokens, " + s))),
        evaluationTables()));
      parts.push(...section("By domain and difficulty", "In training. Easy queries should lose their thinking, hard ones keep it.",
        grid(byDifficulty("mode/think_on_rate", "Think-on rate"))));
      parts.push(...section("The gate", "What moves the choice between the two modes.",
        grid(metricChart("Evidence for each mode", ["mode/accuracy_on", "mode/accuracy_off"], ["p_on", "p_off"]),
          metricChart("Judge accuracy", ["mode/judge_accuracy"]), metricChart("Judge reward", ["mode/judge_reward"]),
          metricChart("Pressure on the gate", ["mode/advantage_gap"]),
          metricChart("Gate entropy", ["mode/gate_entropy"]),
          metricChart("Groups without a signal", ["mode/abstain_ratio", "mode/single_mode_group_ratio",
            "frac_reward_zero_std"], ["abstaining", "one mode only", "equal rewards"]),
          metricChart("Invalid formats", ["mode/invalid_rate", "completions/clipped_ratio"], ["invalid", "cut at budget"]))));
      parts.push(...section("The update", "Whether the optimisation is healthy.",
        grid(metricChart("Reward", ["reward", "reward_std"]), metricChart("Loss", ["loss"]),
          metricChart("KL and entropy", ["kl", "entropy"]),
          metricChart("Clipped tokens", ["clip_ratio/low_mean", "clip_ratio/high_mean"], ["lower", "upper"]),
          metricChart("Gradient norm", ["grad_norm"]), metricChart("Learning rate", ["learning_rate"]),
          metricChart("Groups with a gradient", ["effective_batch_ratio"]),
          metricChart("Sampler against trainer", ["sampling/logp_difference/mean", "sampling/logp_difference/max"],
            ["mean", "max"]),
          metricChart("Cold-start loss", ["cold_start/loss"]))));
      const forms = named(/^verifier\/[^/]+\/new_form_ratio$/);
      if (forms.length || named(/^audit\//).length) {
        parts.push(...section("Is it the answer that is paid for?", "A policy that has found what its verifier pays for beside "
          + "the answer shows it by new forms of right answers, and by an audit that refuses them.",
          grid(metricChart("Right answers in new forms", forms, forms.map((name) => name.split("/")[1])),
            metricChart("Rewarded, refused by the audit", ["audit/disagreement"]),
            metricChart("Held out: audited accuracy", sets.map((s) => "eval/" + s + "/audited_accuracy"), sets),
            metricChart("Held out: refused by the audit", sets.map((s) => "eval/" + s + "/audit_disagreement"), sets))));
      }
      const verifierNames = (pattern) => named(pattern).map((name) => name.split("/")[1]);
      parts.push(...section("Verifiers and time", null,
        grid(metricChart("Score", named(/^rewards\/[^/]+\/mean$/), verifierNames(/^rewards\/[^/]+\/mean$/)),
          metricChart("Failed requests", named(/^verifier\/[^/]+\/error_ratio$/),
            verifierNames(/^verifier\/[^/]+\/error_ratio$/)),
          metricChart("Unscorable", ["unscorable_ratio"]),
          metricChart("Seconds of a request, 99th percentile", named(/^verifier\/[^/]+\/seconds_p99$/),
            verifierNames(/^verifier\/[^/]+\/seconds_p99$/)),
          runs.map(phases), metricChart("Writing a checkpoint", ["time/checkpoint"]))));
      const alarms = runs.flatMap((run) => run.events.map((event) => el("div", { class: "alarm" },
        el("span", { class: "muted" }, (runs.length > 1 ? run.name + ", " : "") + "step " + event.step + ", "
          + event.time + ", " + event.kind + " "), event.message)));
      parts.push(...section("Alarms and events", null, alarms));
      parts.push(...section("Responses", "Of a few steps, the last one first chosen; the run's database holds all. Colours: judge, gate, think, answer.",
        sampleBrowser()));
      parts.push(...section("Configuration", null, configurationDifferences(), runs.map((run) => el("details", {},
        el("summary", {}, "Show the resolved configuration" + (runs.length > 1 ? " of " + run.name : "")),
        el("div", { class: "scroll" }, el("pre", { class: "config" }, JSON.stringify(run.config, null, 2)))))));
      parts.push(...section("All metrics", null, el("details", {}, el("summary", {}, "Show the table"), metricTable())));
      const links = parts.filter((part) => part.tagName === "H2")
        .map((head) => el("a", { href: "#" + head.id }, head.textContent));
      page.replaceChildren(el("nav", {}, ...links), ...parts);
      redraw();
    }
    function redraw() { for (const draw of charts) draw(); }

    build();
    let lastWidth = innerWidth;
    addEventListener("resize", () => { if (innerWidth !== lastWidth) { lastWidth = innerWidth; redraw(); } });
    addEventListener("beforeprint", redraw);
    // While the run goes on, an open page follows the file, unless somebody is reading further down.
    if (document.body.dataset.running === "true") {
      setTimeout(function follow() { if (scrollY < 200 && !document.hidden) location.reload(); else setTimeout(follow, 5000); },
        30000);
    }
    """#
}
