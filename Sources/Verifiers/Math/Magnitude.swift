/// Schoolbook arithmetic on little-endian 32-bit limbs. Sizes are bounded by the callers' digit budgets.
enum Magnitude {
  static func trim(_ limbs: inout [UInt32]) {
    while limbs.last == 0 { limbs.removeLast() }
  }

  static func limbs(of value: some BinaryInteger) -> [UInt32] {
    let wide = UInt64(value)
    if wide == 0 { return [] }
    let high = UInt32(wide >> 32)
    return high == 0 ? [UInt32(truncatingIfNeeded: wide)] : [UInt32(truncatingIfNeeded: wide), high]
  }

  static func compare(_ a: [UInt32], _ b: [UInt32]) -> Int {
    if a.count != b.count { return a.count < b.count ? -1 : 1 }
    for index in stride(from: a.count - 1, through: 0, by: -1) where a[index] != b[index] {
      return a[index] < b[index] ? -1 : 1
    }
    return 0
  }

  static func add(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    let (long, short) = a.count >= b.count ? (a, b) : (b, a)
    var sum = long
    var carry: UInt64 = 0
    for index in long.indices {
      let total = UInt64(long[index]) + (index < short.count ? UInt64(short[index]) : 0) + carry
      sum[index] = UInt32(truncatingIfNeeded: total)
      carry = total >> 32
      if carry == 0, index >= short.count { break }
    }
    if carry > 0 { sum.append(UInt32(carry)) }
    return sum
  }

  /// a - b for a >= b.
  static func subtract(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var difference = a
    var borrow: Int64 = 0
    for index in a.indices {
      var total = Int64(a[index]) - (index < b.count ? Int64(b[index]) : 0) - borrow
      borrow = total < 0 ? 1 : 0
      if total < 0 { total += 1 << 32 }
      difference[index] = UInt32(total)
    }
    trim(&difference)
    return difference
  }

  static func multiply(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    if a.isEmpty || b.isEmpty { return [] }
    var product = [UInt32](repeating: 0, count: a.count + b.count)
    product.withUnsafeMutableBufferPointer { out in
      b.withUnsafeBufferPointer { b in
        for (i, x) in a.enumerated() where x != 0 {
          var carry: UInt64 = 0
          let wide = UInt64(x)
          for j in b.indices {
            let total = wide * UInt64(b[j]) + UInt64(out[i + j]) + carry
            out[i + j] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
          }
          out[i + b.count] = UInt32(carry)
        }
      }
    }
    trim(&product)
    return product
  }

  /// limbs = limbs * factor + addend.
  static func multiplyAdd(_ limbs: inout [UInt32], by factor: UInt32, adding addend: UInt32) {
    var carry = UInt64(addend)
    for index in limbs.indices {
      let total = UInt64(limbs[index]) * UInt64(factor) + carry
      limbs[index] = UInt32(truncatingIfNeeded: total)
      carry = total >> 32
    }
    if carry > 0 { limbs.append(UInt32(carry)) }
  }

  /// Divides in place by one limb and returns the remainder.
  static func divide(_ limbs: inout [UInt32], by divisor: UInt32) -> UInt32 {
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      let total = remainder << 32 | UInt64(limbs[index])
      limbs[index] = UInt32(total / UInt64(divisor))
      remainder = total % UInt64(divisor)
    }
    trim(&limbs)
    return UInt32(remainder)
  }

  /// Long division (Knuth's algorithm D); the divisor is not zero.
  static func divide(_ a: [UInt32], by b: [UInt32]) -> (quotient: [UInt32], remainder: [UInt32]) {
    if compare(a, b) < 0 { return ([], a) }
    if b.count == 1 {
      var quotient = a
      let remainder = divide(&quotient, by: b[0])
      return (quotient, remainder == 0 ? [] : [remainder])
    }
    let shift = UInt32(b[b.count - 1].leadingZeroBitCount)
    let divisor = shifted(b, left: shift)
    var rest = shifted(a, left: shift)
    if rest.count == a.count { rest.append(0) }
    let n = divisor.count
    var quotient = [UInt32](repeating: 0, count: rest.count - n)
    let top = UInt64(divisor[n - 1])
    let second = UInt64(divisor[n - 2])
    for j in stride(from: rest.count - n - 1, through: 0, by: -1) {
      let numerator = UInt64(rest[j + n]) << 32 | UInt64(rest[j + n - 1])
      var guess = numerator / top
      var left = numerator % top
      while guess > 0xFFFF_FFFF || guess * second > (left << 32 | UInt64(rest[j + n - 2])) {
        guess -= 1
        left += top
        if left > 0xFFFF_FFFF { break }
      }
      var borrow: Int64 = 0
      var carry: UInt64 = 0
      for i in 0..<n {
        let product = guess * UInt64(divisor[i]) + carry
        carry = product >> 32
        let total = Int64(rest[i + j]) - borrow - Int64(product & 0xFFFF_FFFF)
        rest[i + j] = UInt32(truncatingIfNeeded: total)
        borrow = total < 0 ? 1 : 0
      }
      let total = Int64(rest[j + n]) - borrow - Int64(carry)
      rest[j + n] = UInt32(truncatingIfNeeded: total)
      if total < 0 {
        guess -= 1
        var carry: UInt64 = 0
        for i in 0..<n {
          let sum = UInt64(rest[i + j]) + UInt64(divisor[i]) + carry
          rest[i + j] = UInt32(truncatingIfNeeded: sum)
          carry = sum >> 32
        }
        rest[j + n] = rest[j + n] &+ UInt32(carry)
      }
      quotient[j] = UInt32(truncatingIfNeeded: guess)
    }
    trim(&quotient)
    var remainder = Array(rest[0..<n])
    if shift > 0 {
      for index in remainder.indices {
        let above = index + 1 < n ? remainder[index + 1] : 0
        remainder[index] = remainder[index] >> shift | above << (32 - shift)
      }
    }
    trim(&remainder)
    return (quotient, remainder)
  }

  private static func shifted(_ limbs: [UInt32], left shift: UInt32) -> [UInt32] {
    if shift == 0 { return limbs }
    var result = limbs
    var carry: UInt32 = 0
    for index in limbs.indices {
      result[index] = limbs[index] << shift | carry
      carry = limbs[index] >> (32 - shift)
    }
    if carry > 0 { result.append(carry) }
    return result
  }
}
