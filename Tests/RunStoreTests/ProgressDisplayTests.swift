import StepSRPO
import Testing

@testable import RunStore

@Suite struct ProgressDisplayTests {
  private final class Screen {
    var text = ""
    var clock = ContinuousClock.now
  }

  private func display(_ screen: Screen, isTerminal: Bool, columns: Int = 160, interval: Int = 2) -> ProgressDisplay {
    ProgressDisplay(
      ProgressDisplay.Output(isTerminal: isTerminal, columns: { columns }) { screen.text += $0 }, interval: interval,
      now: { screen.clock })
  }

  private func step(_ step: Int) -> TrainingEvent {
    var metrics = RunFixture.step(step).metrics
    metrics[.timeStep] = 2
    return .step(StepReport(step: step, totalSteps: 5, metrics: metrics, groups: []))
  }

  @Test func plainLinesComeEveryFewSteps() {
    let screen = Screen()
    let display = display(screen, isTerminal: false)
    screen.clock += .seconds(3)
    _ = display.observe(.coldStart(step: 1, of: 3, metrics: [.coldStartLoss: 2.5]))
    for number in 1...5 { _ = display.observe(step(number)) }
    _ = display.observe(.warning("bad\u{1B}[2Jthing"))
    _ = display.observe(.checkpoint(step: 5, seconds: 1))
    _ = display.observe(.evaluation(RunFixture.evaluation(5)))
    display.finish()
    #expect(
      screen.text == """
        cold start 1/3  loss 2.500  6s left
        step 1/5  50 tok/s  reward 0.500  think-on 85 %  accuracy 40 %  length 49.0  8s left
        step 2/5  50 tok/s  reward 0.500  think-on 80 %  accuracy 40 %  length 48.0  6s left
        step 4/5  50 tok/s  reward 0.500  think-on 70 %  accuracy 40 %  length 46.0  2s left
        step 5/5  50 tok/s  reward 0.500  think-on 65 %  accuracy 40 %  length 45.0  0s left
        warning: bad\\e[2Jthing
        checkpoint at step 5
        evaluation primer/test at step 5  accuracy 75.0 %  think-on 90.0 %  length 31.2

        """)
  }

  @Test func aTerminalGetsOneLiveLineThatFits() {
    let screen = Screen()
    let display = display(screen, isTerminal: true, columns: 60)
    for number in 1...3 { _ = display.observe(step(number)) }
    _ = display.observe(.warning("careful"))
    let frames = screen.text.split(separator: "\r").map(String.init)
    #expect(frames.count == 4)
    #expect(
      frames.prefix(3).allSatisfy { $0.hasSuffix("\u{1B}[K") && TerminalText.width(String($0.dropLast(3))) <= 59 })
    #expect(frames[2].hasPrefix("━━━━━━━╌╌╌╌╌  step 3/5  50 tok/s  reward 0.500  think-on"))
    #expect(frames[3] == "\u{1B}[Kwarning: careful\n")
    display.finish()
    #expect(screen.text.hasSuffix("careful\n"))
  }

  @Test func theSparklineShowsTheWholeHistory() {
    let screen = Screen()
    let display = display(screen, isTerminal: true)
    for (index, rate) in [1.0, 0.5, 0].enumerated() {
      _ = display.observe(
        .step(StepReport(step: index + 1, totalSteps: 3, metrics: [.thinkOnRate: rate, .timeStep: 1], groups: [])))
    }
    #expect(screen.text.contains("think-on █▅▁ 0 %"))
  }
}
