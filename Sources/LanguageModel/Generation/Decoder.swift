import TensorCore

/// The transformer on raw kernels, for generation: rows of several sequences at once.
///
/// Each row is one token that extends its sequence's cache. Every step of the arithmetic works on one row in an order
/// that depends on that row's position alone, so a row's numbers are bit for bit the same in any company.
final class Decoder {
  /// The most rows of one pass; longer prompts take several passes.
  static let rowLimit = 64
  /// Rows of one chunk of attention.
  private static let attentionRows = 4

  let weights: DecodingWeights
  let pages: KeyValuePages
  /// Who shares the work of one pass; it never changes a number.
  private let pool: ThreadPool
  private let configuration: ModelConfiguration
  private let rotary: RotaryTable

  // Workspace, each [rowLimit, width].
  private let residual: Tensor
  private let normed: Tensor
  private let queryKeyValue: Tensor
  private let mixed: Tensor
  private let feedForward: DecodingWork
  /// A score buffer for each chunk of rows.
  private let scores: [Tensor]

  init(_ weights: DecodingWeights, pool: ThreadPool = .serial) {
    self.weights = weights
    self.pool = pool
    configuration = weights.configuration
    pages = KeyValuePages(configuration)
    rotary = weights.rotary
    let c = configuration
    residual = Tensor([Self.rowLimit, c.hiddenSize])
    normed = Tensor([Self.rowLimit, c.hiddenSize])
    queryKeyValue = Tensor([Self.rowLimit, c.queryWidth + 2 * c.keyValueWidth])
    mixed = Tensor([Self.rowLimit, c.queryWidth])
    feedForward = DecodingWork(c, rows: Self.rowLimit)
    let buffers = pool.threadCount > 1 ? Self.rowLimit / Self.attentionRows : 1
    scores = (0..<buffers).map { _ in
      Tensor([PageAttention.scoreFloats(c, positions: weights.maxPositions)], zeroed: false)
    }
  }

  /// Runs tokens through all blocks, each appended to its cache in order; at most `rowLimit` of them.
  ///
  /// The last hidden states stay in the workspace for `logits(of:into:)` until the next pass.
  func pass(_ tokens: [Int32], _ caches: [SequenceCache]) {
    let m = tokens.count
    precondition(m == caches.count && m <= Self.rowLimit)
    let epsilon = Float(configuration.rmsNormEpsilon)
    var positions: [Int32] = []
    var own: [Int] = []
    // A prompt's rows share one cache: each finds the positions of those before it taken.
    for cache in caches {
      positions.append(Int32(cache.length))
      own.append(cache.append())
    }
    let c = configuration.hiddenSize
    weights.embedding.gather(tokens, count: m, into: residual.data)
    for (index, layer) in weights.layers.enumerated() {
      Kernel.rmsNorm(
        residual.data, weight: layer.inputNorm.data, into: normed.data, rows: m, columns: c, epsilon: epsilon)
      layer.queryKeyValue.multiply(normed.data, rows: m, into: queryKeyValue.data, pool: pool)
      attend(layer, index, positions, caches, own)
      layer.output.multiply(mixed.data, rows: m, into: residual.data, accumulate: true, pool: pool)
      Kernel.rmsNorm(
        residual.data, weight: layer.feedForwardNorm.data, into: normed.data, rows: m, columns: c, epsilon: epsilon)
      layer.feedForward.add(normed.data, rows: m, to: residual.data, feedForward, pool: pool)
    }
  }

  /// Logits [rows.count, V] of rows of the last pass.
  func logits(of rows: [Int32], into out: UnsafeMutablePointer<Float>) {
    let c = configuration.hiddenSize
    Kernel.gatherRows(residual, ids: rows, into: normed.data, rows: rows.count)
    Kernel.rmsNorm(
      normed.data, weight: weights.finalNorm.data, into: normed.data, rows: rows.count, columns: c,
      epsilon: Float(configuration.rmsNormEpsilon))
    weights.head.multiply(normed.data, rows: rows.count, into: out, pool: pool)
  }

  /// queryKeyValue -> mixed [m, Hq * dim]; keys and values go to the caches.
  private func attend(
    _ layer: DecodingWeights.Layer, _ index: Int, _ positions: [Int32], _ caches: [SequenceCache], _ own: [Int]
  ) {
    let dim = configuration.headDimension
    let (queryHeads, keyHeads) = (configuration.heads, configuration.keyValueHeads)
    let width = configuration.queryWidth + 2 * configuration.keyValueWidth
    let epsilon = Float(configuration.rmsNormEpsilon)
    let m = caches.count
    if let bias = layer.bias { Kernel.addBias(bias.data, to: queryKeyValue.data, rows: m, columns: width) }
    positions.withUnsafeBufferPointer { positions in
      guard let position = positions.baseAddress else { return }
      for row in 0..<m {
        let q = queryKeyValue.data + row * width
        let k = q + configuration.queryWidth
        if let norm = layer.queryNorm {
          Kernel.rmsNorm(q, weight: norm.data, into: q, rows: queryHeads, columns: dim, epsilon: epsilon)
        }
        if let norm = layer.keyNorm {
          Kernel.rmsNorm(k, weight: norm.data, into: k, rows: keyHeads, columns: dim, epsilon: epsilon)
        }
        // Queries and keys stand side by side: one call rotates both.
        Kernel.rotary(q, positions: position + row, table: rotary, rows: 1, heads: queryHeads + keyHeads)
        let (page, slot) = caches[row].place(own[row])
        for head in 0..<keyHeads {
          let keys = page + pages.offset(layer: index, keyHead: head)
          let values = keys + dim * KeyValuePages.positions + slot * dim
          let k = k + head * dim
          let v = q + configuration.queryWidth + configuration.keyValueWidth + head * dim
          for d in 0..<dim { keys[d * KeyValuePages.positions + slot] = k[d] }
          values.update(from: v, count: dim)
        }
      }
    }
    let group = queryHeads / keyHeads
    let step = pool.threadCount > 1 ? Self.attentionRows : m
    pool.parallelFor((m + step - 1) / step) { chunk in
      for row in chunk * step..<min(m, (chunk + 1) * step) {
        let cache = caches[row]
        for head in 0..<keyHeads {
          PageAttention.attend(
            queries: queryKeyValue.data + row * width + head * group * dim, group: group, dim: dim,
            table: UnsafePointer(cache.table), offset: pages.offset(layer: index, keyHead: head),
            prefixPages: cache.prefixPages, prefixCount: cache.prefixCount, ownCount: own[row] + 1,
            scores: scores[chunk].data, into: mixed.data + row * configuration.queryWidth + head * group * dim)
        }
      }
    }
  }
}
