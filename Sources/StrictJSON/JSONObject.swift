/// An object: unique keys in the order they were written. Keys are told apart by their bytes.
public struct JSONObject: Sendable, Equatable {
  /// The keys in order.
  public private(set) var keys: [String] = []
  private var values: [ExactText: JSON] = [:]

  /// An empty object.
  public init() {}

  /// An object of the given pairs; a later duplicate replaces an earlier one.
  public init(_ pairs: [(String, JSON)]) {
    for (key, value) in pairs { self[key] = value }
  }

  /// The value of `key`; assigning nil removes it.
  public subscript(key: String) -> JSON? {
    get { values[ExactText(key)] }
    set {
      if let newValue {
        if values.updateValue(newValue, forKey: ExactText(key)) == nil { keys.append(key) }
      } else if values.removeValue(forKey: ExactText(key)) != nil {
        keys.removeAll { ExactText($0) == ExactText(key) }
      }
    }
  }

  /// The number of keys.
  public var count: Int { keys.count }
  /// Whether there is no key.
  public var isEmpty: Bool { keys.isEmpty }
  /// Key and value in order.
  public var pairs: [(key: String, value: JSON)] { keys.compactMap { key in self[key].map { (key, $0) } } }

  /// Equal keys and values in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool { left.values == right.values }
}
