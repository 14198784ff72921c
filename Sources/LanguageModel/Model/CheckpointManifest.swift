import Digests
import Foundation
import StrictJSON

/// `manifest.json` of a checkpoint: the step it stands at and the SHA-256 of every other file, written last. **[ours]**
///
/// Whoever reads the folder compares: a flipped bit, a file of zeros as a power cut leaves it, the weights of another step are
/// errors that name the file. `sha256sum` prints the same digits.
public struct CheckpointManifest: Sendable, Equatable {
  /// The file's name.
  public static let name = "manifest.json"

  /// One file of the folder.
  public struct File: Sendable, Equatable {
    /// Its path within the folder.
    public let name: String
    /// Its length in bytes.
    public let bytes: Int
    /// 64 hexadecimal digits.
    public let digest: String
  }

  /// Steps done: of reinforcement, or of the cold start.
  public let step: Int
  /// The files by name.
  public let files: [File]

  /// Writes the manifest of a folder whose files are all there.
  /// - Throws: `CheckpointError` for a file that cannot be read or written.
  public static func write(step: Int, in folder: String) throws {
    let files = try names(in: folder).map { try File(name: $0, in: folder) }
    let json = JSON.object(
      JSONObject([
        ("step", .int(step)),
        (
          "files",
          .object(JSONObject(files.map { ($0.name, ["bytes": .int($0.bytes), "sha256": .string($0.digest)]) }))
        ),
      ]))
    let path = "\(folder)/\(name)"
    do { try Data((json.text(pretty: true) + "\n").utf8).write(to: URL(fileURLWithPath: path)) } catch {
      throw CheckpointError.unreadable(path: path, reason: "cannot be written: \(error.localizedDescription)")
    }
  }

  /// The digest of a folder's manifest; nil where it has none.
  /// - Throws: `CheckpointError` for one that cannot be read.
  public static func digest(in folder: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: "\(folder)/\(name)") else { return nil }
    return try File(name: name, in: folder).digest
  }

  /// Reads the manifest of a folder; nil where it has none, as folders that other programs made.
  /// - Throws: `CheckpointError` naming what is wrong with it.
  public init?(folder: String) throws {
    let path = "\(folder)/\(Self.name)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CheckpointError.unreadable(path: path, reason: "cannot be read")
    }
    let json: JSON
    do { json = try JSON.parse(utf8: Array(data)) } catch let error as JSONError {
      throw CheckpointError.malformedJSON(path: path, error: error)
    }
    guard let step = json["step"]?.int, step >= 0 else {
      throw CheckpointError.badValue(
        path: path, key: "step", found: json["step"]?.text() ?? "absent", expected: "a number of steps")
    }
    self.step = step
    files = try (json["files"]?.object?.pairs ?? []).map { name, value in
      guard let bytes = value["bytes"]?.int, let digest = value["sha256"]?.string, digest.utf8.count == 64,
        !name.hasPrefix("/"), !name.split(separator: "/").contains("..")
      else {
        throw CheckpointError.badValue(
          path: path, key: "files.\(name)", found: value.text(), expected: "a file's \"bytes\" and \"sha256\"")
      }
      return File(name: name, bytes: bytes, digest: digest)
    }
  }

  /// Compares the folder's files with the manifest.
  ///
  /// - Parameter isRead: says by name which files matter; all by default.
  /// - Throws: ``CheckpointError/damaged(path:found:expected:)`` for the first that is not as it was written.
  public func check(_ folder: String, where isRead: (_ name: String) -> Bool = { _ in true }) throws {
    for file in files where isRead(file.name) {
      let path = "\(folder)/\(file.name)"
      guard FileManager.default.fileExists(atPath: path) else {
        throw CheckpointError.damaged(path: path, found: "no such file", expected: "one of \(file.bytes) bytes")
      }
      let found = try File(name: file.name, in: folder)
      guard found.bytes == file.bytes else {
        throw CheckpointError.damaged(
          path: path, found: "\(found.bytes) bytes", expected: "\(file.bytes), as written at step \(step)")
      }
      guard found.digest == file.digest else {
        throw CheckpointError.damaged(
          path: path, found: "other bytes (sha256 \(found.digest.prefix(12))…)",
          expected: "those written at step \(step) (\(file.digest.prefix(12))…)")
      }
    }
  }

  /// Compares what a model is read from, where the folder has a manifest.
  /// - Throws: as ``check(_:where:)``.
  public static func checkModel(in folder: String) throws {
    try CheckpointManifest(folder: folder)?.check(folder) { name in
      let isWeights = name.hasSuffix(".safetensors") && (name.hasPrefix("model") || name.hasPrefix("adapter"))
      return isWeights || name.hasSuffix("config.json") || name.hasPrefix("tokenizer")
    }
  }

  /// The digest of what determines a model's responses: weights, shape and vocabulary.
  /// - Throws: `CheckpointError` for a file that cannot be read.
  public static func modelDigest(of folder: String) throws -> String {
    var hash = SHA256()
    for name in try names(in: folder)
    where name.hasSuffix(".safetensors") && !name.hasPrefix("optimizer")
      || ["config.json", "tokenizer.json", "adapter_config.json"].contains(name)
    {
      hash.add(name)
      hash.add(try File(name: name, in: folder).digest)
    }
    return hash.digest.text
  }

  /// The files below a folder but the manifest itself, sorted.
  private static func names(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
          && !isFolder.boolValue
          && path != name
      }.sorted()
    } catch { throw CheckpointError.unreadable(path: folder, reason: "cannot be read: \(error.localizedDescription)") }
  }
}

extension CheckpointManifest.File {
  /// The file as it is on the disk now.
  init(name: String, in folder: String) throws {
    let path = "\(folder)/\(name)"
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
      var hash = SHA256()
      data.withUnsafeBytes { hash.add(bytes: $0) }
      self.init(name: name, bytes: data.count, digest: hash.digest.text)
    } catch { throw CheckpointError.unreadable(path: path, reason: "cannot be read: \(error.localizedDescription)") }
  }
}
