import CKernels

extension Tape {
  /// y = silu(gate) * up, all of one shape.
  public func swiGLU(_ gate: Tensor, _ up: Tensor) -> Tensor {
    precondition(gate.count == up.count, "swiGLU: \(gate.shape) and \(up.shape)")
    let y = Tensor(gate.shape, zeroed: false)
    forEachChunk(of: y.count, grain: Self.elementGrain) { part in
      let at = part.lowerBound
      ck_swiglu_forward(gate.data + at, up.data + at, y.data + at, part.count)
    }
    guard needsRecord(gate, up) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      let (dg, addsG) = gate.requiresGrad ? gate.gradientSlot() : (gate, false)
      let (du, addsU) = up.requiresGrad ? up.gradientSlot() : (up, false)
      let (hasG, hasU) = (gate.requiresGrad, up.requiresGrad)
      forEachChunk(of: y.count, grain: Self.elementGrain) { part in
        let at = part.lowerBound
        ck_swiglu_backward(
          gate.data + at, up.data + at, dy.data + at, hasG ? dg.data + at : nil, hasU ? du.data + at : nil, part.count,
          addsG ? 1 : 0, addsU ? 1 : 0)
      }
    }
    return y
  }

  /// y = a + b, of one shape.
  public func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.count == b.count, "add: \(a.shape) and \(b.shape)")
    let y = Tensor(a.shape, zeroed: false)
    forEachChunk(of: y.count, grain: Self.elementGrain) { part in
      let at = part.lowerBound
      ck_add(a.data + at, b.data + at, y.data + at, part.count)
    }
    guard needsRecord(a, b) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      for input in [a, b] where input.requiresGrad { addScaled(dy, 1, to: input) }
    }
    return y
  }

  /// y = x * factor.
  public func scale(_ x: Tensor, _ factor: Float) -> Tensor {
    let y = Tensor(x.shape, zeroed: false)
    forEachChunk(of: y.count, grain: Self.elementGrain) { part in
      ck_scale(factor, x.data + part.lowerBound, y.data + part.lowerBound, part.count, 0)
    }
    guard needsRecord(x) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      addScaled(dy, factor, to: x)
    }
    return y
  }

  /// y = a * b elementwise, of one shape.
  public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.count == b.count, "multiply: \(a.shape) and \(b.shape)")
    let y = Tensor(a.shape, zeroed: false)
    ck_multiply(a.data, b.data, y.data, y.count, 0)
    guard needsRecord(a, b) else { return y }
    record(y) { [unowned y] in
      guard let dy = y.grad else { return }
      for (input, other) in [(a, b), (b, a)] where input.requiresGrad {
        let (slot, adds) = input.gradientSlot()
        ck_multiply(dy.data, other.data, slot.data, slot.count, adds ? 1 : 0)
      }
    }
    return y
  }

  /// The sum of all elements, a scalar.
  public func sum(_ x: Tensor) -> Tensor {
    let y = Tensor([])
    var total = 0.0
    for value in UnsafeBufferPointer(start: x.data, count: x.count) { total += Double(value) }
    y.data[0] = Float(total)
    guard needsRecord(x) else { return y }
    record(y) { [unowned y] in
      guard let dy = y.grad else { return }
      let slot = x.gradientToAddTo()
      for i in 0..<slot.count { slot.data[i] += dy.data[0] }
    }
    return y
  }

  /// gradient of x += factor * dy
  private func addScaled(_ dy: Tensor, _ factor: Float, to x: Tensor) {
    let (slot, adds) = x.gradientSlot()
    forEachChunk(of: slot.count, grain: Self.elementGrain) { part in
      ck_scale(factor, dy.data + part.lowerBound, slot.data + part.lowerBound, part.count, adds ? 1 : 0)
    }
  }

  static var elementGrain: Int { 32_768 }
}
