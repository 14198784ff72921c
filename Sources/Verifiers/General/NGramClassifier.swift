import Foundation
import Platform
import StrictJSON

/// A small text classifier: hashed n-grams and logistic regression. It is trained from labelled rows, stored as a JSON
/// file, and gives the probability that an answer is acceptable.
///
/// Features are words, pairs of words and character trigrams of the prompt-free answer, hashed (FNV-1a) into
/// `2^bits` weights and scaled to length 1.
public struct NGramClassifier: Sendable, Equatable {
  /// Logarithm of the number of weights.
  public let bits: Int
  /// One weight a bucket.
  public private(set) var weights: [Float]
  /// The constant term.
  public private(set) var bias: Float
  /// The probability from which on an answer is accepted.
  public var threshold: Double

  /// One labelled text.
  public struct Example: Sendable, Equatable {
    /// The text.
    public var text: String
    /// Whether it is acceptable.
    public var isPositive: Bool

    /// An example.
    public init(text: String, isPositive: Bool) {
      self.text = text
      self.isPositive = isPositive
    }
  }

  /// A classifier that knows nothing.
  init(bits: Int = 14) {
    self.bits = bits
    weights = Array(repeating: 0, count: 1 << bits)
    bias = 0
    threshold = 0.5
  }

  /// Trains by stochastic gradient descent in a fixed order, so that the same rows always give the same weights.
  ///
  /// - Parameters:
  ///   - examples: Both labels must occur.
  ///   - bits: Logarithm of the number of weights, 8 to 20.
  ///   - epochs: Passes over the examples.
  ///   - learningRate: Step size of the first pass; it falls with the square root of the pass.
  ///   - decay: L2 penalty, applied to the weights an example touches.
  /// - Throws: `VerifierFailure` (`badRequest`) when a label is missing or a setting is out of range.
  public static func train(
    on examples: [Example], bits: Int = 14, epochs: Int = 12, learningRate: Double = 2, decay: Double = 1e-4
  ) throws -> NGramClassifier {
    guard (8...20).contains(bits), epochs > 0, learningRate > 0, decay >= 0 else {
      throw VerifierFailure(
        .badRequest, "classifier settings out of range: bits 8 to 20, epochs and learning rate positive")
    }
    guard examples.contains(where: \.isPositive), examples.contains(where: { !$0.isPositive }) else {
      throw VerifierFailure(.badRequest, "training needs examples of both labels; found \(examples.count) of one")
    }
    var classifier = NGramClassifier(bits: bits)
    let features = examples.map { classifier.features($0.text) }
    for epoch in 0..<epochs {
      let rate = Float(learningRate / Double(epoch + 1).squareRoot())
      // A fixed stride that is coprime to the count visits every example once, in an order that mixes the labels.
      let count = examples.count
      var stride = max(1, (count * 618 / 1000) | 1)
      while gcd(stride, count) != 1 { stride += 1 }
      for step in 0..<count {
        let i = (epoch * 7 + step * stride) % count
        let error = Float(examples[i].isPositive ? 1 : 0) - Float(classifier.probability(of: features[i]))
        for (bucket, value) in features[i] {
          classifier.weights[bucket] += rate * (error * value - Float(decay) * classifier.weights[bucket])
        }
        classifier.bias += rate * 0.1 * error
      }
    }
    return classifier
  }

  /// The probability that `text` is acceptable.
  public func probability(of text: String) -> Double { probability(of: features(text)) }

  private func probability(of features: [(bucket: Int, value: Float)]) -> Double {
    var sum = Double(bias)
    for (bucket, value) in features { sum += Double(weights[bucket] * value) }
    return 1 / (1 + exp(-max(-30, min(30, sum))))
  }

  private func features(_ text: String) -> [(bucket: Int, value: Float)] {
    let words = KeywordOverlap.words(String(text.prefix(20_000)))
    var counts: [Int: Float] = [:]
    func add(_ gram: String) { counts[bucket(gram), default: 0] += 1 }
    for (i, word) in words.enumerated() {
      add("w " + word)
      if i > 0 { add("p " + words[i - 1] + " " + word) }
      let bytes = Array(("^" + word + "$").utf8)
      if bytes.count > 2 {
        for j in 0...(bytes.count - 3) { add("c " + String(decoding: bytes[j..<j + 3], as: UTF8.self)) }
      }
    }
    let sorted = counts.sorted { $0.key < $1.key }
    let length = sorted.reduce(Float(0)) { $0 + $1.value * $1.value }.squareRoot()
    return length > 0 ? sorted.map { ($0.key, $0.value / length) } : []
  }

  private func bucket(_ gram: String) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in gram.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Int((hash ^ hash >> 32) & UInt64((1 << bits) - 1))
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}

extension NGramClassifier {
  /// The file's content: weights that are not 0, by bucket.
  public var json: JSON {
    var kept = JSONObject()
    for (bucket, weight) in weights.enumerated() where weight != 0 { kept[String(bucket)] = .double(Double(weight)) }
    return [
      "format": "ngram-classifier", "version": 1, "bits": .int(bits), "bias": .double(Double(bias)),
      "threshold": .double(threshold), "weights": .object(kept),
    ]
  }

  /// Reads what ``json`` gives.
  /// - Throws: `VerifierFailure` (`badReference`) naming the key that is wrong.
  public init(json: JSON) throws {
    guard json["format"] == "ngram-classifier", json["version"]?.int == 1 else {
      throw VerifierFailure(.badReference, #"no classifier: expected "format": "ngram-classifier", "version": 1"#)
    }
    guard let bits = json["bits"]?.int, (8...20).contains(bits), let bias = json["bias"]?.double, bias.isFinite,
      let threshold = json["threshold"]?.double, threshold > 0, threshold < 1, let kept = json["weights"]?.object
    else {
      throw VerifierFailure(
        .badReference, #"a classifier needs "bits" (8 to 20), "bias", "threshold" (0 to 1) and "weights""#)
    }
    self.init(bits: bits)
    self.bias = Float(bias)
    self.threshold = threshold
    for (key, value) in kept.pairs {
      guard let bucket = Int(key), weights.indices.contains(bucket), let weight = value.double, weight.isFinite else {
        throw VerifierFailure(.badReference, #"the classifier's weight "\#(key)" is \#(value.text().prefix(40))"#)
      }
      weights[bucket] = Float(weight)
    }
  }

  /// Reads a classifier file.
  /// - Throws: `VerifierFailure` (`badReference`) naming the file.
  public init(contentsOf file: URL) throws {
    do { try self.init(json: JSON.parse(utf8: InputFile.contents(of: file.path))) } catch {
      let reason = (error as? VerifierFailure)?.message ?? (error as? FileError)?.reason ?? "\(error)"
      throw VerifierFailure(.badReference, "\(file.path): \(reason)")
    }
  }

  /// Writes a classifier file, all or nothing.
  ///
  /// - Throws: `FileError`.
  public func write(to file: URL) throws { try OutputFile.write(json.text(), to: file.path) }
}
