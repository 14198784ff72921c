/// Why a safetensors file could not be read or written. Every case names the file.
public enum SafeTensorsError: Error, Equatable, CustomStringConvertible {
  /// The system refused; `reason` is its message.
  case io(file: String, reason: String)
  /// The file is shorter than its header says.
  case truncated(file: String, found: Int, expected: Int)
  /// The header is not what the format demands.
  case header(file: String, reason: String)
  /// A tensor's entry is not what the format demands.
  case entry(file: String, tensor: String, reason: String)
  /// There is no tensor of this name.
  case missing(file: String, tensor: String)
  /// The tensor has another shape than the caller expects.
  case shape(file: String, tensor: String, found: [Int], expected: [Int])

  /// What was found, what was expected and where.
  public var description: String {
    switch self {
    case .io(let file, let reason): "\(file): \(reason)"
    case .truncated(let file, let found, let expected):
      "\(file): the file has \(found) bytes, its header needs \(expected); it is truncated, copy or download it again"
    case .header(let file, let reason): "\(file): not a safetensors file: \(reason)"
    case .entry(let file, let tensor, let reason): "\(file): tensor \"\(tensor)\": \(reason)"
    case .missing(let file, let tensor): "\(file): there is no tensor \"\(tensor)\""
    case .shape(let file, let tensor, let found, let expected):
      "\(file): tensor \"\(tensor)\" has shape \(found), expected \(expected)"
    }
  }
}
