/// A dense float32 array in row-major order, 64-byte aligned.
///
/// A tensor is a plain buffer: operations on it are recorded by a ``Tape``. It may be read from several threads at
/// once; writing is up to the caller to order.
public final class Tensor: @unchecked Sendable {
  /// The extent of each dimension; empty for a scalar.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  /// The elements. Valid as long as the tensor lives.
  public let data: UnsafeMutablePointer<Float>
  /// Whether a backward pass leaves a gradient here (parameters) or flows through here (activations).
  public var requiresGrad: Bool
  /// The gradient of the last backward passes, or nil when there was none since ``zeroGrad()``.
  public private(set) var grad: Tensor?

  /// A tensor of zeros, or with unspecified contents when `zeroed` is false.
  public init(_ shape: [Int], requiresGrad: Bool = false, zeroed: Bool = true) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a tensor cannot have the shape \(shape)")
    self.shape = shape
    count = shape.reduce(1, *)
    data = BufferPool.allocate(floats: count)
    self.requiresGrad = requiresGrad
    if zeroed { data.initialize(repeating: 0, count: count) }
  }

  /// A tensor of the given elements.
  public convenience init(_ shape: [Int], values: [Float], requiresGrad: Bool = false) {
    self.init(shape, requiresGrad: requiresGrad, zeroed: false)
    precondition(values.count == count, "\(values.count) values for a tensor of shape \(shape)")
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { data.update(from: base, count: count) }
    }
  }

  deinit { BufferPool.release(data, floats: count) }

  /// The product of all dimensions but the last; 1 for a vector or scalar.
  public var rows: Int { shape.dropLast().reduce(1, *) }
  /// The last dimension; 1 for a scalar.
  public var columns: Int { shape.last ?? 1 }
  /// A copy of the elements.
  public var values: [Float] { Array(UnsafeBufferPointer(start: data, count: count)) }
  /// The elements in place.
  public var elements: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: data, count: count) }

  /// The element of a scalar or of a flat index.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count)
      return data[index]
    }
    set {
      precondition(index >= 0 && index < count)
      data[index] = newValue
    }
  }

  /// A copy with the same elements and no gradient.
  public func copy() -> Tensor {
    let result = Tensor(shape, requiresGrad: requiresGrad, zeroed: false)
    result.data.update(from: data, count: count)
    return result
  }

  /// Copies the elements of a tensor with as many elements.
  public func copyElements(from other: Tensor) {
    precondition(count == other.count, "copying \(other.shape) into \(shape)")
    data.update(from: other.data, count: count)
  }

  /// Forgets the gradient. The next backward pass starts a new one; until then ``grad`` is nil.
  public func zeroGrad() { grad = nil }

  /// Replaces the gradient, for example by one that was reduced over processes.
  public func setGrad(_ gradient: Tensor?) {
    precondition(gradient.map { $0.count == count } ?? true, "a gradient of another size than its tensor \(shape)")
    grad = gradient
  }

  /// The gradient buffer for a writer: its contents count only when `holdsValues` is true; otherwise the writer must
  /// overwrite all of it.
  func gradientSlot() -> (tensor: Tensor, holdsValues: Bool) {
    if let grad { return (grad, true) }
    let fresh = Tensor(shape, zeroed: false)
    grad = fresh
    return (fresh, false)
  }

  /// The gradient buffer for a writer that only adds.
  func gradientToAddTo() -> Tensor {
    if let grad { return grad }
    let fresh = Tensor(shape)
    grad = fresh
    return fresh
  }
}
