import StrictJSON

/// What is wrong with a model folder. Every case names the file, what was found and what was expected.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder itself is absent.
  case missingFolder(path: String)
  /// A file the folder must hold is absent.
  case missingFile(path: String, purpose: String)
  /// A file is there but cannot be read or written.
  case unreadable(path: String, reason: String)
  /// A file is not JSON.
  case malformedJSON(path: String, error: JSONError)
  /// A file is not as it was written, as the folder's manifest says.
  case damaged(path: String, found: String, expected: String)
  /// A key's value has the wrong type or is out of range.
  case badValue(path: String, key: String, found: String, expected: String)
  /// A key asks for something this package does not implement.
  case unsupported(path: String, key: String, found: String, supported: String)
  /// The checkpoint lacks a tensor that the configuration needs.
  case missingTensor(path: String, name: String, expectedShape: [Int])
  /// A tensor's shape disagrees with config.json.
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  /// The checkpoint holds a tensor the configuration has no place for.
  case unexpectedTensor(path: String, name: String, shape: [Int])

  /// The whole message: file, key or tensor, found, expected.
  public var description: String {
    switch self {
    case .missingFolder(let path): "\(path): no such folder; expected a model's folder in Hugging Face layout"
    case .missingFile(let path, let purpose):
      "\(path): no such file; it holds \(purpose). Give a folder in Hugging Face layout"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .malformedJSON(let path, let error): "\(path): \(error)"
    case .damaged(let path, let found, let expected):
      "\(path): damaged: found \(found), expected \(expected). If it was changed on purpose, delete \(CheckpointManifest.name) "
        + "beside it"
    case .badValue(let path, let key, let found, let expected):
      "\(path): \"\(key)\" is \(found), expected \(expected)"
    case .unsupported(let path, let key, let found, let supported):
      "\(path): \"\(key)\" is \(found), which is not supported; supported: \(supported)"
    case .missingTensor(let path, let name, let shape):
      "\(path): tensor \"\(name)\" of shape \(shape) is missing; the checkpoint does not match its config.json"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor \"\(name)\" has shape \(found), config.json makes it \(expected)"
    case .unexpectedTensor(let path, let name, let shape):
      "\(path): tensor \"\(name)\" of shape \(shape) has no place in the model that config.json describes; "
        + "check \"architectures\" and \"tie_word_embeddings\""
    }
  }
}
