extension RunReport {
  /// The browser of responses. Text of a model becomes text nodes only.
  static let scriptSamples = #"""
    const tagNames = { "<judge>": "judge", "</judge>": "judge", "<think_on>": "gate", "<think_off>": "gate",
      "<think>": "think", "</think>": "think", "<answer>": "answer", "</answer>": "answer" };

    function segments(text) {
      const parts = [];
      // A prefilled <judge> belongs to the prompt: such a response begins inside it.
      const first = text.match(/<\/?(?:judge|think|answer)>|<think_(?:on|off)>/);
      let inside = first && first[0] === "</judge>" ? "judge" : "";
      for (const piece of text.split(/(<\/?(?:judge|think|answer)>|<think_(?:on|off)>)/)) {
        if (piece === "") continue;
        const name = tagNames[piece];
        if (name) {
          parts.push(el("span", { class: name + " tagmark" }, piece));
          inside = name === "gate" || piece.startsWith("</") ? "" : name;
        } else {
          parts.push(el("span", { class: inside }, piece));
        }
      }
      return parts;
    }

    function sampleCard(sample, run) {
      const tag = (text, kind) => el("span", { class: "tag " + (kind || "") }, text);
      const scored = sample.outcome !== null;
      const number = (label, value) => el("span", {}, el("span", {}, label + " "),
        value === null ? "-" : (value > 0 && label.startsWith("A(") ? "+" : "") + value.toFixed(4));
      const reference = sample.reference === null ? null
        : typeof sample.reference === "string" ? sample.reference : JSON.stringify(sample.reference);
      return el("article", { class: "card sample" },
        el("header", {}, el("h3", {}, (runs.length > 1 ? run.name + " " : "") + sample.rollout),
          tag(sample.mode ? "think-" + sample.mode : "invalid", sample.mode ? "" : "wrong"), tag(sample.kind),
          tag(scored ? "outcome " + short(sample.outcome) : "not scored",
            scored ? (sample.outcome > 0.5 ? "right" : "wrong") : ""),
          tag(sample.length + " tokens" + (sample.truncated ? ", truncated" : "")),
          el("span", { class: "muted" }, sample.domain + ", " + sample.query
            + (sample.difficulty === null ? "" : ", difficulty " + short(sample.difficulty)))),
        el("div", { class: "text muted" }, sample.prompt),
        el("div", { class: "text" }, ...segments(sample.text)),
        sample.invalid_reason ? el("div", { class: "alarm" }, "invalid: " + sample.invalid_reason) : null,
        el("div", { class: "numbers" },
          reference === null ? null : el("span", {}, el("span", {}, "wanted "), reference),
          el("span", {}, el("span", {}, "verdict "), [sample.verdict || "none", sample.failure, sample.extracted
            && "read \u201c" + sample.extracted + "\u201d", sample.verdict_outcome, sample.reason]
            .filter((part) => part).join(", "))),
        el("div", { class: "numbers" }, number("R judge", sample.judge_reward), number("R answer", sample.answer_reward),
          number("A(judge)", sample.judge_advantage), number("A(gate)", sample.gate_advantage),
          number("A(answer)", sample.answer_advantage), number("p(think-on)", sample.think_on_probability),
          number("p_on", sample.accuracy_on), number("p_off", sample.accuracy_off), number("\u0394", sample.delta),
          el("span", {}, el("span", {}, "right mode "), sample.right_mode || "-")), arithmetic(sample));
    }

    // From verdict to loss: [stage, symbol, value, text, agrees with what was stored].
    function arithmetic(sample) {
      if (!sample.arithmetic) return null;
      const rows = [];
      let stage = "";
      for (const [of, symbol, value, text, agrees] of sample.arithmetic) {
        if (of !== stage) rows.push(el("tr", {}, el("th", { colspan: 4 }, of)));
        stage = of;
        rows.push(el("tr", {}, cellOf(symbol), cellOf(value === null ? "none" : String(Number(value.toPrecision(6))), true),
          cellOf(agrees === null ? "" : agrees ? "=" : "differs from the stored number", false, agrees === false ? "wrong" : ""),
          cellOf(text, false, "long")));
      }
      return el("details", {}, el("summary", {}, "The arithmetic, from verdict to loss"),
        el("div", { class: "scroll" }, el("table", { class: "data arithmetic" }, el("tbody", {}, ...rows))));
    }

    function sampleBrowser() {
      const all = runs.flatMap((run) => run.samples.map((sample) => ({ sample, run })));
      if (!all.length) return null;
      const list = el("div", { id: "samples" });
      const count = el("span", { class: "muted", id: "sample-count" });
      const more = el("button", { class: "more", type: "button", onclick: () => { limit += 20; update(); } }, "Show more");
      const wanted = { run: "", step: "", mode: "", domain: "", kind: "", difficulty: "", verdict: "", text: "" };
      let limit = 12;
      const choice = (key, label, values) => {
        const select = el("select", { id: "filter-" + key, onchange: () => { wanted[key] = select.value; limit = 12;
          update(); } }, el("option", { value: "" }, "any"), ...values.map((v) => el("option", { value: v }, v)));
        return el("label", {}, label, select);
      };
      const distinct = (of) => [...new Set(all.map(of))];
      const verdictOf = (s) => (s.outcome === null ? "not scored" : s.outcome > 0.5 ? "right" : "wrong");
      const search = el("input", { type: "search", id: "filter-text", placeholder: "text", oninput: () => {
        wanted.text = search.value.toLowerCase(); limit = 12; update(); } });
      const levelOf = (s) => (s.difficulty === null ? "unknown" : short(s.difficulty));
      const steps = distinct(({ sample }) => sample.step).sort((a, b) => a - b).map(String);
      const bar = el("div", { class: "bar" },
        runs.length > 1 ? choice("run", "run", runs.map((run) => run.name)) : null, choice("step", "step", steps),
        choice("mode", "mode", ["on", "off", "invalid"]),
        choice("kind", "kind", ["free", "probe"]),
        choice("domain", "domain", distinct(({ sample }) => sample.domain).sort()),
        choice("difficulty", "difficulty", distinct(({ sample }) => levelOf(sample)).sort()),
        choice("verdict", "outcome", ["right", "wrong", "not scored"]), el("label", {}, "search", search), count);
      function update() {
        const fits = all.filter(({ sample, run }) => (!wanted.run || run.name === wanted.run)
          && (!wanted.step || String(sample.step) === wanted.step)
          && (!wanted.mode || (sample.mode || "invalid") === wanted.mode)
          && (!wanted.domain || sample.domain === wanted.domain)
          && (!wanted.kind || sample.kind === wanted.kind)
          && (!wanted.difficulty || levelOf(sample) === wanted.difficulty)
          && (!wanted.verdict || verdictOf(sample) === wanted.verdict)
          && (!wanted.text || (sample.rollout + "\n" + sample.query + "\n" + sample.text + "\n" + sample.prompt).toLowerCase().includes(wanted.text)));
        count.textContent = fits.length + " of " + all.length;
        list.replaceChildren(...fits.slice(0, limit).map(({ sample, run }) => sampleCard(sample, run)));
        if (!fits.length) list.append(el("p", { class: "note" }, "No response fits these filters."));
        more.hidden = fits.length <= limit;
      }
      const last = steps[steps.length - 1];
      bar.querySelector("#filter-step").value = last;
      wanted.step = last;
      update();
      return el("div", {}, bar, list, more);
    }
    """#
}
