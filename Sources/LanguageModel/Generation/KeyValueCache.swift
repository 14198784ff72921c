/// Memory for keys and values in pages of 16 positions, handed out and taken back.
///
/// A page holds, for each layer and key head, keys [dim][16] (so that 16 scores are one vector) and values [16][dim].
/// One allocator belongs to one engine; it keeps its pages for the next batch.
final class KeyValuePages {
  static let positions = 16

  /// Floats of one layer and key head in a page: keys, then values.
  let blockFloats: Int
  let pageFloats: Int
  private let keyHeads: Int
  private var slabs: [UnsafeMutablePointer<Float>] = []
  private var free: [UnsafeMutablePointer<Float>] = []

  init(_ configuration: ModelConfiguration) {
    keyHeads = configuration.keyValueHeads
    blockFloats = 2 * configuration.headDimension * Self.positions
    pageFloats = blockFloats * keyHeads * configuration.layers
  }

  deinit { for slab in slabs { slab.deallocate() } }

  /// Floats from a page's start to the block of a layer and key head.
  func offset(layer: Int, keyHead: Int) -> Int { (layer * keyHeads + keyHead) * blockFloats }

  /// A page with unspecified, initialised contents.
  func take() -> UnsafeMutablePointer<Float> {
    if let page = free.popLast() { return page }
    let count = max(1, (1 << 18) / pageFloats)
    let slab = UnsafeMutableRawPointer.allocate(byteCount: count * pageFloats * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count * pageFloats)
    slab.initialize(repeating: 0, count: count * pageFloats)
    slabs.append(slab)
    for i in (1..<count).reversed() { free.append(slab + i * pageFloats) }
    return slab
  }

  func giveBack(_ page: UnsafeMutablePointer<Float>) { free.append(page) }
}

/// The keys and values of one sequence: pages shared with a prompt, then pages of its own.
final class SequenceCache {
  private let pages: KeyValuePages
  /// Page table: shared pages first. Room for `capacity`.
  private(set) var table: UnsafeMutablePointer<UnsafePointer<Float>?>
  private var capacity: Int
  private var own: [UnsafeMutablePointer<Float>] = []
  /// The sequence whose pages come first; kept alive as long as this one.
  private let prefix: SequenceCache?

  let prefixPages: Int
  /// Positions in the shared pages.
  let prefixCount: Int
  /// Positions in its own pages.
  private(set) var ownCount = 0

  /// An empty sequence that continues `prefix`, whose length must not change afterwards.
  init(_ pages: KeyValuePages, after prefix: SequenceCache? = nil) {
    precondition(prefix?.prefix == nil, "a prefix of a prefix")
    self.pages = pages
    self.prefix = prefix
    prefixPages = prefix?.own.count ?? 0
    prefixCount = prefix?.ownCount ?? 0
    capacity = prefixPages + 8
    table = .allocate(capacity: capacity)
    table.initialize(repeating: nil, count: capacity)
    if let prefix { table.update(from: prefix.table, count: prefixPages) }
  }

  deinit {
    for page in own { pages.giveBack(page) }
    table.deallocate()
  }

  /// Positions so far; the position of the next token.
  var length: Int { prefixCount + ownCount }

  /// Makes room for one more position. Returns its index among the sequence's own positions.
  func append() -> Int {
    if ownCount % KeyValuePages.positions == 0 {
      let page = pages.take()
      own.append(page)
      let index = prefixPages + own.count - 1
      if index == capacity { grow() }
      table[index] = UnsafePointer(page)
    }
    ownCount += 1
    return ownCount - 1
  }

  private func grow() {
    let wider = UnsafeMutablePointer<UnsafePointer<Float>?>.allocate(capacity: capacity * 2)
    wider.initialize(repeating: nil, count: capacity * 2)
    wider.update(from: table, count: capacity)
    table.deallocate()
    table = wider
    capacity *= 2
  }

  /// The page and slot of one of its own positions.
  func place(_ index: Int) -> (page: UnsafeMutablePointer<Float>, slot: Int) {
    (own[index / KeyValuePages.positions], index % KeyValuePages.positions)
  }
}
