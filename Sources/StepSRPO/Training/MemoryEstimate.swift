import LanguageModel
import TensorCore

/// The memory a run needs at most, in bytes, from its configuration alone: what `--dry-run` tells.
///
/// Sampling, evaluation and training alternate and reuse each other's memory, so the peak is the largest of the phases.
/// Lengths of responses are not known beforehand: the estimate takes passes to be full and caches to hold the longest
/// sequence of each row, which is how runs are after a few steps.
public struct MemoryEstimate: Sendable, Equatable {
  /// The program itself, its libraries, the tasks, the run's database, and freed blocks kept for reuse.
  public let program: Int
  /// Parameters and the adapter.
  public let weights: Int
  /// The reference policy's own copy, where the algorithm needs one.
  public let reference: Int
  /// Gradients of what is trained.
  public let gradients: Int
  /// The optimizer's moments: AdamW's two, or Muon's one of the matrices of hidden layers.
  public let optimizer: Int
  /// Packed weights of the sampler.
  public let samplingWeights: Int
  /// Keys, values and logits of the rows in flight.
  public let samplingRows: Int
  /// Packed weights of an evaluation, always in float32.
  public let evaluationWeights: Int
  /// The responses of a step, from sampling to their rows in the database.
  public let responses: Int
  /// What one forward and backward pass keeps, without the gradients of parameters.
  public let pass: Int

  private var resident: Int { Self.sum(program, weights, reference, optimizer, responses) }
  /// While rollouts are sampled.
  public var sampling: Int { Self.sum(resident, samplingWeights, samplingRows) }
  /// While held-out items, or the reference's responses, are sampled.
  public var evaluation: Int { Self.sum(resident, evaluationWeights, samplingRows) }
  /// While the policy is updated.
  public var training: Int { Self.sum(resident, gradients, pass) }
  /// The largest of the three.
  public var peak: Int { max(sampling, evaluation, training) }

  /// Bytes that the text, tokens, log-probs and record of a sampled token take together.
  private static let bytesOfToken = 64.0

  /// The estimate for a policy of this shape.
  ///
  /// Products are made in floating point: the sizes of a configuration multiply to more than a whole number holds. What
  /// is larger than that is the largest there is.
  /// - Parameter promptTokens: the longest prompt.
  public init(_ configuration: RunConfiguration, shape: ModelConfiguration, promptTokens: Int) {
    let section = configuration.model
    let sizes = shape.parameterShapes.map {
      (name: $0.name, count: $0.shape.reduce(1.0) { $0 * Double($1) }, isMatrix: $0.shape.count == 2)
    }
    let adapter = Self.adapterFloats(section, shape)
    weights = Self.bytes(
      sizes.reduce(0) { $0 + $1.count * ($1.isMatrix && section.storesInHalf($1.name) ? 2 : 4) } + 4 * adapter)
    let trained =
      section.lora.rank > 0 ? adapter : sizes.reduce(0) { $0 + (section.freezes($1.name) ? 0 : $1.count) }
    gradients = Self.bytes(4 * trained)
    let linear = shape.linearWeights
    let hidden = sizes.reduce(0) { $0 + (linear.contains($1.name) && !section.freezes($1.name) ? $1.count : 0) }
    let usesMuonOnly =
      configuration.train.optimizer == .muon
      && (configuration.coldStart.steps == 0 || configuration.coldStart.optimizer == .muon)
    optimizer = Self.bytes(8 * trained - (usesMuonOnly && section.lora.rank == 0 ? 4 * hidden : 0))
    program = 85 << 20
    reference = configuration.algorithm.needsReference ? Self.bytes(sizes.reduce(0) { $0 + 4 * $1.count }) : 0

    let rollout = configuration.rollout
    let storage = PackedMatrix.Storage(rollout.weightPrecision)
    let matrices = sizes.reduce(0) { $0 + ($1.isMatrix ? $1.count : 0) }
    let table = Double(shape.vocabularySize) * Double(shape.hiddenSize)
    // Without a head of its own the embedding table is packed as one, and read where it is for the embedding.
    let packed = shape.tiedEmbeddings ? matrices : matrices - table
    // The head is packed last; one stored in bfloat16 is widened for it.
    let head = shape.tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight"
    let widened = section.storesInHalf(head) ? 4 * table : 0
    samplingWeights = Self.bytes(packed * Double(storage.bytes) + widened)
    evaluationWeights = Self.bytes(packed * Double(PackedMatrix.Storage.f32.bytes) + widened)
    let engines = samplingWeights >= 16 << 20 ? 1 : rollout.workers
    let rows = Double(engines) * Double(min(rollout.batchSize, 64))
    let longest = min(shape.maxPositions, promptTokens + rollout.maxNewTokens)
    let prompts = min(rows, Double(rollout.queriesPerStep))
    let positions = rows * Double(rollout.maxNewTokens + 16) + prompts * Double(promptTokens + 16)
    let position = 2 * Double(shape.keyValueWidth) * Double(shape.layers)
    samplingRows = Self.bytes(
      4 * min(positions, rows * Double(longest + 16)) * position
        + 4 * (rows + prompts + Double(engines)) * Double(shape.vocabularySize))

    let group = max(rollout.freeRollouts + 2 * rollout.forcedPerMode, 2 * rollout.minimumPerMode)
    let sampled = Double(rollout.queriesPerStep) * Double(group) * Double(rollout.maxNewTokens)
    responses = Self.bytes(Self.bytesOfToken * sampled * Double(rollout.samplingRounds))
    let reinforced = Double(rollout.queriesPerStep) * Double(promptTokens) + sampled
    let demonstrated =
      configuration.coldStart.steps > 0 ? Double(configuration.coldStart.batchSize) * Double(longest) : 0
    let tokens = min(Double(configuration.train.microBatchTokens), max(reinforced, demonstrated))
    pass = Self.pass(shape, rows: tokens, recomputing: configuration.train.recomputeActivations)
  }

  private static func bytes(_ amount: Double) -> Int { Int(exactly: amount.rounded()) ?? .max }

  static func sum(_ parts: Int...) -> Int {
    parts.reduce(0) { sum, part in
      let (result, overflow) = sum.addingReportingOverflow(part)
      return overflow ? .max : result
    }
  }

  /// Floats of the adapter's matrices.
  private static func adapterFloats(_ section: ModelSection, _ shape: ModelConfiguration) -> Double {
    guard let adapter = section.lora.adapter else { return 0 }
    let modules = Set(shape.linearModules)
    return shape.parameterShapes.reduce(0) { sum, parameter in
      guard parameter.name.hasSuffix(".weight"), parameter.shape.count == 2 else { return sum }
      let module = String(parameter.name.dropLast(7))
      guard modules.contains(module), adapter.targets.contains(where: { module == $0 || module.hasSuffix("." + $0) })
      else { return sum }
      return sum + Double(adapter.rank) * (Double(parameter.shape[0]) + Double(parameter.shape[1]))
    }
  }

  /// The tensors that `LanguageModel.tokenLogProbs` and its backward pass hold at their peak.
  private static func pass(_ c: ModelConfiguration, rows t: Double, recomputing: Bool) -> Int {
    let (width, query, key) = (Double(c.hiddenSize), Double(c.queryWidth), Double(c.keyValueWidth))
    let (feedForward, vocabulary) = (Double(c.feedForwardSize), Double(c.vocabularySize))
    // As TrainingForward: two norms, the attention's output, the network's, and two sums; q, k, v, their rotations (and
    // norms), the mixture; gate, up and their product.
    let attention = 6 * width + 3 * query + 3 * key + (c.queryKeyNorm ? query + key : 0) + Double(c.heads)
    func block(_ layer: Int) -> Double {
      guard let experts = c.experts, experts.isSparse(layer: layer) else { return attention + 3 * feedForward }
      let perToken = Double(experts.perToken)
      return attention + width * perToken * 2 + perToken * 3 * Double(experts.feedForwardSize)
        + 3 * Double(experts.sharedFeedForwardSize ?? 0) + 2 * width + 2 * Double(experts.count)
    }
    let blocks = (0..<c.layers).map(block)
    let widest = blocks.max() ?? 0
    let kept = recomputing ? width * Double(c.layers) + widest : blocks.reduce(0, +)
    // The backward pass has gradients of one block's second half in flight.
    let flowing = 2 * width + 2 * max(feedForward, Double(c.experts?.feedForwardSize ?? 0))
    let logits = min(t * vocabulary, max(Double(Tape.logitsChunk), 16 * vocabulary))
    // Products pack their right-hand matrix: the largest is the head.
    let panels = max(vocabulary * width, feedForward * width)
    // Freed blocks of other sizes are kept up to a sixteenth of what is live.
    return bytes(4 * (t * (kept + flowing + 3 * width) + logits + panels) * 17 / 16)
  }
}
