import LanguageModel
import StepSRPO
import TensorCore

/// The workloads on a model: sampling, training, and a full step of both.
struct ModelBench {
  /// The model; training changes it.
  let model: LanguageModel
  /// How much to do.
  let size: BenchSize

  /// Packed tokens of one forward and backward pass, as in a run.
  private static let passTokens = TrainSection().microBatchTokens

  private var arithmetic: ModelArithmetic { ModelArithmetic(configuration: model.configuration) }

  /// Samples `batch` continuations of as many prompts. The weights are packed before the clock starts.
  func rollout(storage: PackedMatrix.Storage = .f32) throws -> Measurement {
    let weights = DecodingWeights(
      model, storage: storage, maxPositions: size.promptLength + size.newTokens, snapshot: false)
    let laps = try Measurement.laps(size.repetitions) { repetition in
      _ = try sample(prompts: size.batch, rollouts: 1, weights: weights, step: repetition)
    }
    let operations = arithmetic.sampling(promptLength: size.promptLength, newTokens: size.newTokens, rollouts: 1)
    return Measurement(
      workload: "rollout", tokens: size.batch * size.newTokens, operations: Double(size.batch) * operations,
      threads: size.threads, laps: laps)
  }

  /// One AdamW step on `batch` sequences, every token after the first a target.
  func train() -> Measurement {
    let pool = ThreadPool(threads: size.threads)
    defer { pool.stop() }
    let optimizer = AdamW(parameters: model.parameters, pool: pool)
    let length = size.promptLength + size.newTokens
    let laps = Measurement.laps(size.repetitions) { repetition in
      optimizer.zeroGrad()
      var next = 0
      while next < size.batch {
        var batch = PackedBatch()
        repeat {
          batch.appendGroup(
            prompt: prompt(1, step: repetition, index: next),
            responses: [prompt(length - 1, step: repetition, index: next)])
          next += 1
        } while next < size.batch && batch.rows + length <= Self.passTokens
        let tape = Tape(pool: pool)
        let (logProb, _) = model.tokenLogProbs(batch, tape: tape)
        let upstream = [Float](repeating: -1 / Float(size.batch * length), count: logProb.count)
        tape.backward([(logProb, Tensor(logProb.shape, values: upstream))])
      }
      optimizer.step(learningRate: 1e-5)
    }
    let forward = arithmetic.forward(
      rows: length - 1, attended: ModelArithmetic.attended(rows: length - 1), scored: length - 1)
    return Measurement(
      workload: "train", tokens: size.batch * length, operations: 3 * forward * Double(size.batch),
      threads: size.threads, laps: laps)
  }

  /// A whole step: sample the groups, score each response by its share of even tokens, compute advantages, update.
  func step() throws -> Measurement {
    let pool = ThreadPool(threads: size.threads)
    defer { pool.stop() }
    let optimizer = AdamW(parameters: model.parameters, pool: pool)
    let laps = try Measurement.laps(size.repetitions) { repetition in
      let weights = DecodingWeights(
        model, maxPositions: size.promptLength + size.newTokens, snapshot: false)
      let groups = try sample(prompts: size.groups, rollouts: size.groupSize, weights: weights, step: repetition)
      try update(groups, step: repetition, optimizer: optimizer, pool: pool)
    }
    let group = arithmetic.sampling(
      promptLength: size.promptLength, newTokens: size.newTokens, rollouts: size.groupSize)
    let rows = size.promptLength + size.groupSize * (size.newTokens - 1)
    let attended =
      ModelArithmetic.attended(rows: size.promptLength) + size.groupSize
      * ModelArithmetic.attended(rows: size.newTokens - 1, after: size.promptLength)
    let forward = arithmetic.forward(rows: rows, attended: attended, scored: size.groupSize * size.newTokens)
    return Measurement(
      workload: "step", tokens: size.groups * size.groupSize * size.newTokens,
      operations: Double(size.groups) * (group + 3 * forward), threads: size.threads, laps: laps)
  }
}

// MARK: - The parts of a step

extension ModelBench {
  /// Tokens drawn evenly from the vocabulary.
  private func prompt(_ length: Int, step: Int, index: Int) -> [Int32] {
    var stream = RandomStream(seed: 0, purpose: "benchmark prompt", step: step, query: index)
    return (0..<length).map { _ in Int32(stream.nextIndex(below: model.configuration.vocabularySize)) }
  }

  private func sample(
    prompts: Int, rollouts: Int, weights: DecodingWeights, step: Int
  ) throws -> [[Generation]] {
    let groups = (0..<prompts).map { query in
      PromptGroup(
        prompt: prompt(size.promptLength, step: step, index: query),
        requests: (0..<rollouts).map { sample in
          GenerationRequest(
            stream: RandomStream(seed: 0, purpose: .sampling, step: step, query: query, sample: sample),
            maxNewTokens: size.newTokens)
        })
    }
    return try GenerationPool.generate(groups, weights: weights, workers: size.threads)
  }

  /// Outcomes, advantages, loss and optimizer step, by the parts a run uses.
  private func update(_ groups: [[Generation]], step: Int, optimizer: AdamW, pool: ThreadPool) throws {
    let counts = {
      var counts = PerSegment(repeating: 0)
      counts.answer = groups.reduce(0) { $0 + $1.reduce(0) { $0 + $1.tokens.count } }
      return counts
    }()
    let (credit, loss) = (SegmentCredit(), PolicyLoss())
    optimizer.zeroGrad()
    var next = 0
    while next < groups.count {
      var batch = PackedBatch()
      var tokens: [ScoredToken] = []
      repeat {
        let group = groups[next]
        let judged = group.enumerated().map { index, generation in
          JudgedRollout(
            kind: .free, gate: index % 2 == 0 ? .on : .off, valid: true,
            outcome: Double(generation.tokens.count { $0 % 2 == 0 }) / Double(max(1, generation.tokens.count)))
        }
        let advantages = credit(judged).advantages
        batch.appendGroup(
          prompt: prompt(size.promptLength, step: step, index: next), responses: group.map(\.tokens))
        for (generation, advantage) in zip(group, advantages) {
          for position in generation.tokens.indices {
            tokens.append(
              ScoredToken(
                position: position, segment: .answer, advantage: advantage.answer,
                samplerLogProb: generation.logProbs[position]))
          }
        }
        next += 1
      } while next < groups.count && batch.rows < Self.passTokens
      let tape = Tape(pool: pool)
      let (logProb, _) = model.tokenLogProbs(batch, tape: tape)
      let terms = loss(tokens, logProbs: logProb.values, counts: counts)
      tape.backward([(logProb, Tensor(logProb.shape, values: terms.logProbGradient))])
    }
    let outcome = optimizer.step(learningRate: 1e-5)
    guard outcome.applied else {
      throw UpdateError.nonFinite(loss: .nan, gradientNorm: outcome.gradientNorm)
    }
  }
}
