import StepSRPO

/// Shows how a run goes: one line that is rewritten on a terminal, a plain line every few steps anywhere else.
public final class ProgressDisplay: TrainingObserver {
  /// Where and how lines are written.
  public struct Output {
    /// Whether the line can be rewritten.
    public var isTerminal: Bool
    /// The columns of the terminal, asked before each line since windows are resized.
    public var columns: () -> Int
    /// Writes text as it is.
    public var write: (String) -> Void
    /// Whether Unicode blocks can be shown.
    public var unicode: Bool

    /// An output.
    public init(
      isTerminal: Bool, columns: @escaping () -> Int = { 80 }, unicode: Bool = true,
      write: @escaping (String) -> Void
    ) {
      self.isTerminal = isTerminal
      self.columns = columns
      self.unicode = unicode
      self.write = write
    }
  }

  private let output: Output
  private let interval: Int
  private let now: () -> ContinuousClock.Instant
  private var thinkOnRates: [Double] = []
  private var recentSeconds: [Double] = []
  private var lastTokens: Double?
  private var lastInstant: ContinuousClock.Instant
  private var hasLiveLine = false
  private var isColdStart = false

  /// - Parameters:
  ///   - interval: steps from one plain line to the next; the first and the last step always get one.
  ///   - now: the clock; tests give their own.
  public init(_ output: Output, interval: Int = 10, now: @escaping () -> ContinuousClock.Instant = { .now }) {
    self.output = output
    self.interval = max(1, interval)
    self.now = now
    lastInstant = now()
  }

  /// Shows the event.
  public func observe(_ event: TrainingEvent) -> ObserverDecision {
    switch event {
    case .coldStart(let step, let total, let metrics): coldStart(step, total, metrics)
    case .step(let report): self.step(report)
    case .evaluation(let report): evaluation(report)
    case .checkpoint(let step, _): if !output.isTerminal { line("checkpoint at step \(step)") }
    case .warning(let message): line("warning: " + TerminalText.neutralised(message, keepingNewlines: false))
    }
    return .continue
  }

  /// Ends the live line, so that what follows starts on a line of its own.
  public func finish() {
    guard hasLiveLine else { return }
    output.write("\n")
    hasLiveLine = false
  }

  private func coldStart(_ step: Int, _ total: Int, _ metrics: [Metric: Double]) {
    let seconds = secondsSinceLast()
    isColdStart = true
    let left = timeLeft(seconds, done: step, of: total)
    guard output.isTerminal || isDue(step, total) else { return }
    var parts = ["cold start \(step)/\(total)"]
    if let loss = metrics[.coldStartLoss] ?? metrics[.loss] { parts.append("loss \(NumberText.short(loss))") }
    parts.append("\(NumberText.duration(left)) left")
    show(bar: (step, total), parts)
  }

  private func step(_ report: StepReport) {
    // Supervised steps say nothing about how long a reinforcement step takes.
    if isColdStart { recentSeconds = [] }
    isColdStart = false
    let seconds = report.metrics[.timeStep] ?? secondsSinceLast()
    lastInstant = now()
    let tokens = report.metrics[.numTokens]
    let fresh = tokens.map { $0 - (lastTokens ?? (report.step == 1 ? 0 : .nan)) }
    lastTokens = tokens
    if let rate = report.metrics[.thinkOnRate] { thinkOnRates.append(rate) }
    let left = timeLeft(seconds, done: report.step, of: report.totalSteps)
    guard output.isTerminal || isDue(report.step, report.totalSteps) else { return }
    var parts = ["step \(report.step)/\(report.totalSteps)"]
    if let fresh, fresh.isFinite, seconds > 0 { parts.append("\(NumberText.grouped(fresh / seconds)) tok/s") }
    if let reward = report.metrics[.reward] { parts.append("reward \(NumberText.fixed(reward, 3))") }
    if let rate = report.metrics[.thinkOnRate] {
      let history = output.isTerminal ? sparkline() + " " : ""
      parts.append("think-on \(history)\(NumberText.percent(rate))")
    }
    if let accuracy = report.metrics[.accuracy] { parts.append("accuracy \(NumberText.percent(accuracy))") }
    if let length = report.metrics[.meanLength] { parts.append("length \(NumberText.fixed(length, 1))") }
    parts.append("\(NumberText.duration(left)) left")
    show(bar: (report.step, report.totalSteps), parts)
  }

  private func evaluation(_ report: EvaluationReport) {
    var parts = ["evaluation \(report.dataset) at step \(report.step)"]
    if let accuracy = report.total.accuracy { parts.append("accuracy \(NumberText.percent(accuracy, decimals: 1))") }
    if let rate = report.total.thinkOnRate { parts.append("think-on \(NumberText.percent(rate, decimals: 1))") }
    if let length = report.total.meanLength { parts.append("length \(NumberText.fixed(length, 1))") }
    line(parts.joined(separator: "  "))
    lastInstant = now()
  }

  private func sparkline() -> String {
    let columns = min(24, max(8, output.columns() / 8))
    return Sparkline.text(thinkOnRates, columns: columns, range: 0...1, unicode: output.unicode)
  }

  private func isDue(_ step: Int, _ total: Int) -> Bool { step == 1 || step == total || step % interval == 0 }

  private func secondsSinceLast() -> Double {
    let instant = now()
    defer { lastInstant = instant }
    return (instant - lastInstant) / .seconds(1)
  }

  /// From the mean of the last twenty steps: early steps are longer than later ones when responses get shorter.
  private func timeLeft(_ seconds: Double, done: Int, of total: Int) -> Double {
    recentSeconds.append(seconds)
    if recentSeconds.count > 20 { recentSeconds.removeFirst() }
    return recentSeconds.reduce(0, +) / Double(recentSeconds.count) * Double(max(0, total - done))
  }

  private func show(bar: (done: Int, total: Int), _ parts: [String]) {
    guard output.isTerminal else { return line(parts.joined(separator: "  ")) }
    let filled = bar.total > 0 ? min(12, max(0, bar.done * 12 / bar.total)) : 0
    let full: Character = output.unicode ? "━" : "="
    let empty: Character = output.unicode ? "╌" : "-"
    let drawn = String(repeating: full, count: filled) + String(repeating: empty, count: 12 - filled)
    let text = TerminalText.cut(([drawn] + parts).joined(separator: "  "), to: max(20, output.columns() - 1))
    output.write("\r\(text)\u{1B}[K")
    hasLiveLine = true
  }

  /// A line that stays. On a terminal it takes the place of the live line, which is drawn anew below it.
  private func line(_ text: String) {
    output.write((hasLiveLine ? "\r\u{1B}[K" : "") + text + "\n")
    hasLiveLine = false
  }
}
