import Foundation
/// A continuation in progress: its tokens so far and what its rules demand next.
struct RowState {
  let group: Int
  let index: Int
  let request: GenerationRequest
  var result = Generation()
  /// The rules not yet triggered.
  private var waiting: [TokenRule]
  /// Tokens to be forced next, last first.
  private var forced: [Int32] = []
  private var choosesNext = false
  private var thresholdIsOver = false
  /// The deadlines that run, each with the number of generated tokens at which it ends.
  private var running: [(end: Int, deadline: TokenDeadline)] = []
  private var waitingDeadlines: [TokenDeadline]
  /// Generated tokens at which the tightest budget ends; nil without one.
  private var budgetEnd: Int?
  private var watchesNext = false
  private var watchIsOver = false
  private(set) var isFinished = false

  init(group: Int, index: Int, request: GenerationRequest, lastPromptToken: Int32) {
    self.group = group
    self.index = index
    self.request = request
    waiting = request.rules
    waitingDeadlines = request.deadlines.filter { $0.after != nil }
    running = request.deadlines.filter { $0.after == nil }.map { (max(0, $0.budget), $0) }
    trigger(lastPromptToken)
    if request.maxNewTokens <= 0 { isFinished = true }
    if budgetEnd == 0 { finish(.budget) }
  }

  private mutating func finish(_ reason: Generation.Finish) {
    result.finish = reason
    isFinished = true
  }

  private mutating func trigger(_ token: Int32) {
    if let watch = request.watch, watch.after == token, !watchIsOver {
      watchesNext = true
      watchIsOver = true
    }
    if let rule = request.threshold, rule.after == token, !thresholdIsOver {
      choosesNext = true
      thresholdIsOver = true
    }
    if !running.isEmpty { running.removeAll { $0.deadline.unless.contains(token) } }
    if waitingDeadlines.contains(where: { $0.after == token }) {
      for deadline in waitingDeadlines where deadline.after == token {
        // The bound keeps the sum from overflowing.
        let budget = min(max(0, deadline.budget), max(0, request.maxNewTokens))
        running.append((budget + (deadline.countsFromStart ? 0 : result.tokens.count), deadline))
      }
      waitingDeadlines.removeAll { $0.after == token }
    }
    guard waiting.contains(where: { $0.after == token }) else { return }
    for rule in waiting where rule.after == token {
      if let force = rule.force, forced.isEmpty { forced = [force] }
      if let budget = rule.budget {
        // More than `maxNewTokens` is no budget; the bound also keeps the sum from overflowing.
        let end = result.tokens.count + min(max(0, budget), max(0, request.maxNewTokens))
        budgetEnd = min(budgetEnd ?? end, end)
      }
    }
    waiting.removeAll { $0.after == token }
  }

  /// Chooses the next token from the logits after the tokens so far.
  mutating func step(_ sampler: inout TokenSampler, logits: UnsafePointer<Float>) -> Int32 {
    let distribution = sampler.distribution(logits)
    if watchesNext, let watch = request.watch {
      result.watched = watch.tokens.map { distribution.logProb($0) }
      watchesNext = false
    }
    if forced.isEmpty, let due = running.firstIndex(where: { result.tokens.count >= $0.end }) {
      forced = running.remove(at: due).deadline.force.reversed()
    }
    let token: Int32
    if let next = forced.popLast() {
      token = next
      choosesNext = false
      result.forced.append(result.tokens.count)
    } else if choosesNext, let rule = request.threshold {
      choosesNext = false
      let odds = Double(distribution.logProb(rule.second)) - Double(distribution.logProb(rule.first))
      token = 1 / (1 + exp(odds)) >= rule.threshold ? rule.first : rule.second
      result.forced.append(result.tokens.count)
    } else {
      token = sampler.draw(uniform: request.stream.uniform(at: result.tokens.count))
    }
    result.tokens.append(token)
    result.logProbs.append(distribution.logProb(token))
    trigger(token)
    if request.stopTokens.contains(token) {
      finish(.stop)
    } else if result.tokens.count >= request.maxNewTokens {
      finish(.length)
    } else if let budgetEnd, result.tokens.count >= budgetEnd {
      finish(.budget)
    }
    return token
  }

  /// Ends a row that has reached the model's last position.
  mutating func endAtLastPosition() { finish(.length) }
}
