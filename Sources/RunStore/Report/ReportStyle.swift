extension RunReport {
  /// Light and dark from one set of variables; series colours keep apart for colour-blind readers in both.
  static let style = #"""
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --card: #ffffff; --ink: #1c2128; --soft: #5a6572; --line: #dde2e8; --grid: #eceff3;
      --accent: #0b67b2; --wash: #f5f7f9; --good: #0f7b4b; --bad: #b3261e;
      --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #b0519c; --s4: #a57600; --s5: #3b9fd8; --s6: #5b5b5b; --mute: #c3c9d1;
      --l0: #35b2a4; --l1: #2f8fb4; --l2: #4769b8; --l3: #6f43a5; --l4: #7d1d6f; --l5: #4d0f45;
      --judge: #dcebfb; --gate: #f3e1f5; --think: #fdf0d5; --answer: #dcf3e4;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #111418; --card: #181c22; --ink: #e6e9ee; --soft: #9aa5b3; --line: #2c333d; --grid: #232a33;
        --accent: #66b3f0; --wash: #1d222a; --good: #57c793; --bad: #ff8a80;
        --s0: #56b4e9; --s1: #f08a4b; --s2: #3fc79b; --s3: #d98cc6; --s4: #e0b341; --s5: #8fb8ff; --s6: #b0b0b0; --mute: #444d59;
        --l0: #7fe0c8; --l1: #63bfe0; --l2: #8aa2f0; --l3: #b78cf0; --l4: #e08ad0; --l5: #ffa8b8;
        --judge: #17324d; --gate: #3c2542; --think: #40340f; --answer: #14392a;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    main { max-width: 1280px; margin: 0 auto; padding: 28px 24px 80px; }
    h1 { font-size: 26px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
    h2 { font-size: 18px; margin: 44px 0 4px; letter-spacing: -0.005em; }
    h3 { font-size: 13px; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
    .tiles + div h1 { margin-top: 28px; }
    p.note { color: var(--soft); margin: 0 0 14px; max-width: 76ch; }
    .facts { color: var(--soft); margin: 6px 0 0; display: flex; flex-wrap: wrap; gap: 2px 18px; }
    .state { font-weight: 600; color: var(--accent); }
    .state.failed { color: var(--bad); } .state.completed { color: var(--good); }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 22px 0 0; }
    .tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
    .tile b { display: block; font-size: 24px; font-weight: 600; letter-spacing: -0.02em;
      font-variant-numeric: tabular-nums; }
    .tile small, .muted { color: var(--soft); }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(380px, 1fr)); gap: 14px; }
    .card { min-width: 0; position: relative; break-inside: avoid; }
    .card .unit { color: var(--soft); font-weight: 400; }
    .card svg { display: block; width: 100%; height: 220px; margin-top: 4px; }
    svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
    svg .axis { stroke: var(--line); } svg .tick { stroke: var(--grid); }
    svg .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
    svg .area { opacity: 0.82; stroke: var(--card); stroke-width: 0.6; }
    svg .raw { fill: none; stroke-width: 1; opacity: 0.22; }
    svg .cross { stroke: var(--soft); stroke-dasharray: 3 3; }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 12px; margin-top: 6px; }
    .legend button { all: unset; cursor: pointer; font-size: 12px; display: inline-flex; align-items: center; gap: 6px;
      max-width: 100%; overflow-wrap: anywhere; }
    .legend button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    .legend button.off { opacity: 0.4; text-decoration: line-through; }
    .swatch { width: 18px; height: 0; border-top: 3px solid; flex: none; }
    .swatch.block { border-top-width: 10px; width: 12px; border-radius: 2px; }
    .caption { margin: 2px 0 0; color: var(--soft); font-size: 12px; }
    nav { position: sticky; top: 0; z-index: 5; display: flex; flex-wrap: wrap; gap: 2px 18px; padding: 10px 0;
      margin: -12px 0 16px; background: var(--paper); border-bottom: 1px solid var(--line); font-size: 12.5px; }
    nav a { color: var(--soft); text-decoration: none; } nav a:hover { color: var(--accent); }
    h2 { scroll-margin-top: 56px; }
    .finding { border-left: 3px solid var(--s4); background: var(--wash); border-radius: 0 8px 8px 0;
      padding: 8px 14px; margin: 8px 0; overflow-wrap: anywhere; }
    .finding.dead { border-left-color: var(--bad); } .finding p { margin: 2px 0; }
    .finding ul { margin: 2px 0 0; padding-left: 18px; color: var(--soft); }
    table.arithmetic th { padding-top: 8px; } td.wrong { color: var(--bad); font-weight: 600; }
    #tip { position: fixed; z-index: 9; pointer-events: none; background: var(--card); color: var(--ink);
      border: 1px solid var(--line); border-radius: 6px; padding: 8px 10px; font-size: 12px; max-width: 360px;
      box-shadow: 0 4px 18px rgb(0 0 0 / 0.18); }
    #tip table { border-collapse: collapse; } #tip td { padding: 0 8px 0 0; }
    #tip td.n { text-align: right; font-variant-numeric: tabular-nums; padding: 0; }
    .bar { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: center; margin: 10px 0 14px; }
    .bar label { display: inline-flex; gap: 6px; align-items: center; color: var(--soft); }
    select, input[type=search], input[type=range] { font: inherit; color: inherit; accent-color: var(--accent); }
    select, input[type=search] { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: 4px 8px; }
    .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
    table.data { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
    table.data th { text-align: left; font-weight: 600; color: var(--soft); background: var(--wash); }
    table.data th, table.data td { padding: 5px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
    table.data tr:last-child td { border-bottom: 0; }
    table.data td.n, table.data th.n { text-align: right; }
    table.data td.long { white-space: normal; min-width: 260px; }
    table.data tr.total td { font-weight: 600; border-top: 2px solid var(--line); }
    td .fill { display: inline-block; height: 8px; border-radius: 2px; background: var(--s0); margin-right: 8px;
      vertical-align: 1px; }
    .sample { margin-bottom: 12px; }
    .sample header { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; }
    .tag { font-size: 12px; border: 1px solid var(--line); border-radius: 99px; padding: 0 8px; }
    .tag.right { color: var(--good); border-color: currentColor; } .tag.wrong { color: var(--bad);
      border-color: currentColor; }
    .text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 8px 0; max-height: 380px; overflow-y: auto;
      font: 12.5px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    .text .judge { background: var(--judge); } .text .gate { background: var(--gate); font-weight: 600; }
    .text .think { background: var(--think); } .text .answer { background: var(--answer); }
    .text .tagmark { opacity: 0.55; }
    .numbers { display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 12.5px; font-variant-numeric: tabular-nums; }
    .numbers span span { color: var(--soft); }
    pre.config { margin: 0; padding: 14px; overflow-x: auto; font: 12.5px/1.5 ui-monospace, Menlo, Consolas, monospace; }
    .alarm { border-left: 3px solid var(--s1); padding: 2px 12px; margin: 6px 0; }
    .more { font: inherit; color: var(--accent); background: none; border: 1px solid var(--line); border-radius: 6px;
      padding: 5px 14px; cursor: pointer; }
    details summary { cursor: pointer; color: var(--accent); margin: 8px 0; }
    .grid + .grid { margin-top: 14px; }
    @media (max-width: 520px) { main { padding: 18px 14px 60px; } .grid { grid-template-columns: 1fr; }
      nav { position: static; } .tiles { grid-template-columns: 1fr 1fr; } }
    @media print {
      :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --grid: #ddd; }
      main { max-width: none; padding: 0; } .bar, .more, nav, .live { display: none; } .text { max-height: none; }
      .grid { grid-template-columns: 1fr 1fr; } h2, h3, p.note { break-after: avoid; }
      .card { break-inside: avoid; } .card svg { height: auto; max-height: 220px; }
      .sample, .finding, table.data tr { break-inside: avoid; }
      .scroll { overflow: visible; border: 0; } td .fill { display: none; }
      table.data { font-size: 10.5px; } table.data th, table.data td { padding: 3px 6px; white-space: normal; }
      table.data td.long { min-width: 0; } pre.config { white-space: pre-wrap; font-size: 10px; }
      body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """#
}
