import Foundation
import Platform
import StrictJSON

/// The tensors of a checkpoint folder: `model.safetensors`, or the shards that `model.safetensors.index.json` names.
public final class SafeTensorsFolder: Sendable {
  /// The opened files.
  public let files: [SafeTensorsFile]
  /// All names: in the order of the header, or of the index.
  public let names: [String]
  private let fileOf: [String: Int]
  private let path: String

  /// Opens a folder.
  ///
  /// - Throws: ``SafeTensorsError``; an index that names a tensor its shard lacks is an error too.
  public init(path: String) throws {
    self.path = path
    let whole = path + "/model.safetensors"
    let index = path + "/model.safetensors.index.json"
    if FileManager.default.fileExists(atPath: whole) || !FileManager.default.fileExists(atPath: index) {
      let file = try SafeTensorsFile(path: whole)
      files = [file]
      names = file.names
      fileOf = Dictionary(uniqueKeysWithValues: file.names.map { ($0, 0) })
      return
    }
    let text: [UInt8]
    do { text = try InputFile.contents(of: index) } catch {
      throw SafeTensorsError.io(file: index, reason: error.reason)
    }
    let json: JSON
    do { json = try JSON.parse(utf8: text) } catch {
      throw SafeTensorsError.header(file: index, reason: "\(error)")
    }
    guard let map = json["weight_map"]?.object else {
      throw SafeTensorsError.header(file: index, reason: "no object \"weight_map\"")
    }
    var opened: [SafeTensorsFile] = []
    var number: [String: Int] = [:]
    var places: [String: Int] = [:]
    for (name, value) in map.pairs {
      // Only a plain file name: an index must not lead out of its folder.
      guard let shard = value.string, !shard.isEmpty, !shard.contains("/"), shard != ".." else {
        throw SafeTensorsError.entry(file: index, tensor: name, reason: "\(value.text()) is not a shard's file name")
      }
      let place: Int
      if let known = number[shard] {
        place = known
      } else {
        opened.append(try SafeTensorsFile(path: path + "/" + shard))
        place = opened.count - 1
        number[shard] = place
      }
      _ = try opened[place].entry(name)
      places[name] = place
    }
    (files, names, fileOf) = (opened, map.keys, places)
  }

  /// The file that holds `name`.
  public func file(of name: String) throws -> SafeTensorsFile {
    guard let place = fileOf[name] else { throw SafeTensorsError.missing(file: path, tensor: name) }
    return files[place]
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { fileOf[name] != nil }

  /// A tensor as float32. See ``SafeTensorsFile/tensor(_:shape:)``.
  public func tensor(_ name: String, shape: [Int]? = nil) throws -> Tensor {
    try file(of: name).tensor(name, shape: shape)
  }

  /// Reads a tensor into one with the same number of elements.
  public func read(_ name: String, into tensor: Tensor, shape: [Int]? = nil) throws {
    try file(of: name).read(name, into: tensor, shape: shape)
  }
}
