import TensorCore

/// The feed-forward part of one block, packed for products with few rows.
enum DecodingFeedForward: Sendable {
  case dense(DecodingNetwork)
  case sparse(DecodingExperts)

  init(_ feedForward: LanguageModel.FeedForward, _ configuration: ModelConfiguration, storage: PackedMatrix.Storage) {
    switch feedForward {
    case .dense(let network): self = .dense(DecodingNetwork(network, storage: storage))
    case .sparse(let experts):
      guard let shape = configuration.experts else { preconditionFailure("experts without a configuration") }
      self = .sparse(DecodingExperts(experts, shape, storage: storage))
    }
  }

  /// The bytes of the packed weights.
  var byteCount: Int {
    switch self {
    case .dense(let network): network.byteCount
    case .sparse(let experts):
      experts.networks.reduce(experts.router.byteCount + (experts.shared?.byteCount ?? 0)) { $0 + $1.byteCount }
    }
  }

  /// out[m,C] += the layer's output for h[m,C].
  func add(
    _ h: UnsafePointer<Float>, rows m: Int, to out: UnsafeMutablePointer<Float>, _ work: DecodingWork, pool: ThreadPool
  ) {
    switch self {
    case .dense(let network): network.run(h, rows: m, into: out, accumulate: true, work, pool: pool)
    case .sparse(let experts): experts.add(h, rows: m, to: out, work, pool: pool)
    }
  }
}

/// Room for the feed-forward parts of a pass.
struct DecodingWork {
  /// [rows, 2 F] for the widest network.
  let gateUp: Tensor
  /// [rows, C] each, where there are experts: an expert's input, its output, the sum.
  let input: Tensor, output: Tensor, sum: Tensor

  init(_ c: ModelConfiguration, rows: Int) {
    let widths = [c.feedForwardSize, c.experts?.feedForwardSize ?? 0, c.experts?.sharedFeedForwardSize ?? 0]
    gateUp = Tensor([rows, 2 * (widths.max() ?? 1)])
    let width = c.experts == nil ? 0 : c.hiddenSize
    (input, output, sum) = (Tensor([rows, width]), Tensor([rows, width]), Tensor([rows, width]))
  }
}

/// A SwiGLU network.
struct DecodingNetwork: Sendable {
  /// Gate rows, then up rows: [2 F, C].
  let gateUp: PackedMatrix
  /// [C, F]
  let down: PackedMatrix

  init(_ network: LanguageModel.Network, storage: PackedMatrix.Storage) {
    gateUp = PackedMatrix(
      DecodingWeights.stack([network.gate.merged, network.up.merged]), storage: storage)
    down = PackedMatrix(network.down.merged, storage: storage)
  }

  var byteCount: Int { gateUp.byteCount + down.byteCount }

  /// out[m,C] = or += down(silu(gate h) up h).
  func run(
    _ h: UnsafePointer<Float>, rows m: Int, into out: UnsafeMutablePointer<Float>, accumulate: Bool,
    _ work: DecodingWork, pool: ThreadPool
  ) {
    let buffer = work.gateUp.data
    gateUp.multiply(h, rows: m, into: buffer, pool: pool)
    let f = gateUp.outputs / 2
    // The product is packed to width F for the next matrix; row r's place ends before row r itself begins.
    for row in 0..<m {
      let gate = buffer + row * 2 * f
      Kernel.swiGLU(gate, gate + f, into: buffer + row * f, count: f)
    }
    down.multiply(buffer, rows: m, into: out, accumulate: accumulate, pool: pool)
  }
}

/// A router with its experts.
struct DecodingExperts: Sendable {
  let shape: ExpertConfiguration
  /// Never rounded: a rounded router would choose other experts than the trainer's.
  let router: PackedMatrix
  let networks: [DecodingNetwork]
  let shared: DecodingNetwork?
  let sharedGate: PackedMatrix?

  init(_ experts: LanguageModel.Experts, _ shape: ExpertConfiguration, storage: PackedMatrix.Storage) {
    self.shape = shape
    router = PackedMatrix(experts.router.merged, storage: .f32)
    networks = experts.networks.map { DecodingNetwork($0, storage: storage) }
    shared = experts.shared.map { DecodingNetwork($0.network, storage: storage) }
    sharedGate = experts.shared.map { PackedMatrix($0.gate.merged, storage: .f32) }
  }

  /// out[m,C] += the mixture for h[m,C]. A row's sum runs over its own experts in their order, whoever shares them.
  func add(
    _ h: UnsafePointer<Float>, rows m: Int, to out: UnsafeMutablePointer<Float>, _ work: DecodingWork, pool: ThreadPool
  ) {
    let (e, k, c) = (shape.count, shape.perToken, networks[0].down.outputs)
    let logits = Tensor([m, e], zeroed: false)
    router.multiply(h, rows: m, into: logits.data, pool: pool)
    var weights = [Float](repeating: 0, count: m * k)
    var chosen = [Int](repeating: 0, count: m * k)
    for row in 0..<m {
      let p = logits.data + row * e
      Kernel.softmax(p, into: p, count: e)
      var sum: Float = 0
      Routing.likeliest(k, of: p, count: e) { rank, expert in
        chosen[row * k + rank] = expert
        weights[row * k + rank] = p[expert]
        sum += p[expert]
      }
      if shape.normalizesWeights { for j in row * k..<(row + 1) * k { weights[j] /= sum } }
    }
    // Outputs are kept by choice, and added up row by row afterwards.
    let outputs = Tensor([m * k, c], zeroed: false)
    for expert in 0..<e {
      let choices = chosen.indices.filter { chosen[$0] == expert }
      guard !choices.isEmpty else { continue }
      for (place, choice) in choices.enumerated() {
        (work.input.data + place * c).update(from: h + choice / k * c, count: c)
      }
      networks[expert].run(
        work.input.data, rows: choices.count, into: work.output.data, accumulate: false, work, pool: pool)
      for (place, choice) in choices.enumerated() {
        (outputs.data + choice * c).update(from: work.output.data + place * c, count: c)
      }
    }
    for row in 0..<m {
      let sum = work.sum.data + row * c
      sum.update(repeating: 0, count: c)
      for choice in row * k..<(row + 1) * k {
        Kernel.addScaled(outputs.data + choice * c, weights[choice], to: sum, count: c)
      }
    }
    if let shared, let sharedGate {
      let open = Tensor([m, 1], zeroed: false)
      sharedGate.multiply(h, rows: m, into: open.data, pool: pool)
      shared.run(h, rows: m, into: work.output.data, accumulate: false, work, pool: pool)
      for row in 0..<m {
        Kernel.addScaled(
          work.output.data + row * c, Tape.sigmoid(open.data[row]), to: work.sum.data + row * c, count: c)
      }
    }
    Kernel.add(work.sum.data, to: out, count: m * c)
  }
}
