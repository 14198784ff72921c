import CKernels

/// Which experts the rows of a batch go to.
public struct Routing: Sendable {
  /// Number of experts E.
  public let experts: Int
  /// Experts of each row, K.
  public let perToken: Int
  /// The experts of row t, likeliest first, at K t ..< K (t + 1).
  public let chosen: [Int32]
  /// For each expert its rows in order.
  private let members: [[Int32]]
  /// Where among its expert's rows a choice stands, as `chosen`.
  let place: [Int32]

  /// The K likeliest experts of each row of probabilities [T,E]; of equal ones the first.
  init(_ probabilities: Tensor, perToken: Int) {
    let (t, e) = (probabilities.rows, probabilities.columns)
    var chosen = [Int32](repeating: 0, count: t * perToken)
    var place = chosen
    var members = [[Int32]](repeating: [], count: e)
    for row in 0..<t {
      Self.likeliest(perToken, of: probabilities.data + row * e, count: e) { k, expert in
        chosen[row * perToken + k] = Int32(expert)
        place[row * perToken + k] = Int32(members[expert].count)
        members[expert].append(Int32(row))
      }
    }
    (experts, self.perToken, self.chosen, self.place, self.members) = (e, perToken, chosen, place, members)
  }

  /// The rows that go to an expert.
  public func rows(of expert: Int) -> [Int32] { members[expert] }

  /// Calls `take` with the indices of the k largest of n values, largest first; of equal ones the first.
  public static func likeliest(
    _ k: Int, of values: UnsafePointer<Float>, count n: Int, _ take: (_ rank: Int, _ index: Int) -> Void
  ) {
    var last: (value: Float, index: Int) = (.infinity, -1)
    for rank in 0..<k {
      var best = -1
      for i in 0..<n where values[i] < last.value || (values[i] == last.value && i > last.index) {
        if best < 0 || values[i] > values[best] { best = i }
      }
      // Values that are not numbers compare with nothing: the first expert not yet taken stands in.
      if best < 0 { best = min(n - 1, last.index + 1) }
      last = (values[best], best)
      take(rank, best)
    }
  }
}

/// The load-balancing loss of a mixture-of-experts model over one forward pass.
///
/// E sum_e f_e P_e over all sparse layers together, f_e the choices of expert e and P_e its router probability, both
/// means over rows and layers: the formula of transformers' `load_balancing_loss_func` (peer). It takes part in the
/// backward pass with ``weight``.
public final class RouterBalance {
  /// The factor of the loss in the objective.
  public let weight: Float
  private var layers: Set<Int> = []
  private var rows = 0
  private var choices: [Double] = []
  private var probabilities: [Double] = []

  /// - Parameter weight: `router_aux_loss_coef`, times this pass's share of the step's rows.
  public init(weight: Float) { self.weight = weight }

  /// The loss, unweighted; nil before a pass.
  public var loss: Double? {
    guard rows > 0 else { return nil }
    let n = Double(rows)
    return Double(choices.count) * zip(choices, probabilities).reduce(0) { $0 + $1.0 / n * $1.1 / n }
  }

  /// Share of all choices that went to each expert.
  public var expertShares: [Double] {
    let total = choices.reduce(0, +)
    return total > 0 ? choices.map { $0 / total } : []
  }

  /// Counts a layer once: recomputation passes by here again.
  func add(_ probabilities: Tensor, _ routing: Routing, layer: Int) {
    guard layers.insert(layer).inserted else { return }
    if choices.isEmpty {
      choices = [Double](repeating: 0, count: routing.experts)
      self.probabilities = choices
    }
    rows += probabilities.rows
    for expert in routing.chosen { choices[Int(expert)] += 1 }
    for row in 0..<probabilities.rows {
      for e in 0..<routing.experts { self.probabilities[e] += Double(probabilities[row * routing.experts + e]) }
    }
  }

  /// The gradient of the weighted loss with respect to each router probability of expert e, the same in every row.
  var probabilityGradient: [Float] {
    let n = Double(max(1, rows))
    return choices.map { Float(Double(weight) * Double(choices.count) * $0 / n / n) }
  }
}

extension Tape {
  /// Router logits [T,E] -> the weights [T,K] of each row's K likeliest experts, and who they are.
  ///
  /// Weights are softmax probabilities over all experts, scaled to the sum 1 when `normalizing`.
  public func route(
    _ logits: Tensor, perToken k: Int, normalizing: Bool, balance: (RouterBalance, layer: Int)? = nil
  ) -> (weights: Tensor, routing: Routing) {
    let (t, e) = (logits.rows, logits.columns)
    precondition((1...e).contains(k), "\(k) of \(e) experts")
    let probabilities = Tensor([t, e], zeroed: false)
    forEachChunk(of: t, grain: 64) { part in
      for row in part { ck_softmax(logits.data + row * e, probabilities.data + row * e, e, 1) }
    }
    let routing = Routing(probabilities, perToken: k)
    balance?.0.add(probabilities, routing, layer: balance?.layer ?? 0)
    let weights = Tensor([t, k], zeroed: false)
    let sums = Tensor([t], zeroed: false)
    for row in 0..<t {
      var sum: Float = 0
      for j in row * k..<(row + 1) * k {
        weights.data[j] = probabilities.data[row * e + Int(routing.chosen[j])]
        sum += weights.data[j]
      }
      sums.data[row] = normalizing ? sum : 1
      if normalizing { for j in row * k..<(row + 1) * k { weights.data[j] /= sum } }
    }
    guard needsRecord(logits) else { return (weights, routing) }
    record(weights) { [unowned weights] in
      guard let dWeights = weights.grad else { return }
      let (dLogits, adds) = logits.gradientSlot()
      let balancing = balance?.0.probabilityGradient
      var dp = [Float](repeating: 0, count: e)
      for row in 0..<t {
        for i in 0..<e { dp[i] = balancing?[i] ?? 0 }
        var mean: Float = 0
        if normalizing {
          for j in row * k..<(row + 1) * k { mean += dWeights.data[j] * weights.data[j] }
        }
        for j in row * k..<(row + 1) * k {
          dp[Int(routing.chosen[j])] += (dWeights.data[j] - mean) / sums.data[row]
        }
        let p = probabilities.data + row * e
        var dot: Float = 0
        for i in 0..<e { dot += p[i] * dp[i] }
        for i in 0..<e {
          let gradient = p[i] * (dp[i] - dot)
          dLogits.data[row * e + i] = adds ? dLogits.data[row * e + i] + gradient : gradient
        }
      }
    }
    return (weights, routing)
  }

  /// y[T,C] = sum over each row's experts, in their order, of weight times output.
  ///
  /// - Parameter outputs: for each expert its rows' outputs [n,C]; nil where it has none.
  public func combine(_ outputs: [Tensor?], _ weights: Tensor, _ routing: Routing, columns c: Int) -> Tensor {
    let (t, k) = (weights.rows, routing.perToken)
    let y = Tensor([t, c])
    /// The output of a row's j-th choice.
    func source(_ choice: Int) -> (tensor: Tensor, row: Int) {
      guard let output = outputs[Int(routing.chosen[choice])] else { preconditionFailure("an expert without output") }
      return (output, Int(routing.place[choice]))
    }
    forEachChunk(of: t, grain: 64) { part in
      for choice in part.lowerBound * k..<part.upperBound * k {
        let (output, row) = source(choice)
        ck_scale(weights.data[choice], output.data + row * c, y.data + choice / k * c, c, 1)
      }
    }
    guard recording, weights.requiresGrad || outputs.contains(where: { $0?.requiresGrad == true }) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      let slots = outputs.map { $0.flatMap { $0.requiresGrad ? $0.gradientToAddTo() : nil } }
      let dWeights = weights.requiresGrad ? weights.gradientToAddTo() : nil
      // Each choice has a row of its own in its expert's output, so no two rows of the batch write the same numbers.
      forEachChunk(of: t, grain: 64) { part in
        for choice in part.lowerBound * k..<part.upperBound * k {
          let (output, row) = source(choice)
          let upstream = dy.data + choice / k * c
          if let slot = slots[Int(routing.chosen[choice])] {
            ck_scale(weights.data[choice], upstream, slot.data + row * c, c, 1)
          }
          if let dWeights {
            var dot: Float = 0
            let values = output.data + row * c
            for i in 0..<c { dot += upstream[i] * values[i] }
            dWeights.data[choice] += dot
          }
        }
      }
    }
    return y
  }

  /// y[T,C] = x[T,C] sigmoid(gate[T,1]).
  public func gate(_ x: Tensor, by gate: Tensor) -> Tensor {
    let (t, c) = (x.rows, x.columns)
    precondition(gate.count == t, "gate: \(gate.shape) for \(x.shape)")
    let y = Tensor(x.shape, zeroed: false)
    let open = Tensor([t], zeroed: false)
    for row in 0..<t {
      open.data[row] = Self.sigmoid(gate.data[row])
      ck_scale(open.data[row], x.data + row * c, y.data + row * c, c, 0)
    }
    guard needsRecord(x, gate) else { return y }
    record(y) { [unowned y] in
      guard let dy = y.grad else { return }
      let dx = x.requiresGrad ? x.gradientSlot() : nil
      let dGate = gate.requiresGrad ? gate.gradientToAddTo() : nil
      for row in 0..<t {
        let upstream = dy.data + row * c
        if let dx { ck_scale(open.data[row], upstream, dx.tensor.data + row * c, c, dx.holdsValues ? 1 : 0) }
        if let dGate {
          var dot: Float = 0
          for i in 0..<c { dot += upstream[i] * x.data[row * c + i] }
          dGate.data[row] += dot * open.data[row] * (1 - open.data[row])
        }
      }
    }
    return y
  }

  /// 1 / (1 + exp(-x)) with the kernels' own exponential.
  public static func sigmoid(_ x: Float) -> Float {
    var (input, output) = (-abs(x), Float(0))
    ck_exponential(&input, &output, 1)
    return x >= 0 ? 1 / (1 + output) : output / (1 + output)
  }
}
