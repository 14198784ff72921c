import Foundation
import LanguageModel
import StepSRPO
import TensorCore

/// What the `model` commands share.
enum ModelFolders {
  static let dtypeOption = CommandDescription.Option.value(
    "--dtype", "TYPE", "how weights are stored (default: as in the source)", choices: ["f32", "bf16"])

  static func storage(_ arguments: ParsedArguments, default standard: SafeTensorsWriter.Storage)
    -> SafeTensorsWriter.Storage
  {
    switch arguments.string("--dtype") {
    case "f32": .f32
    case "bf16": .bf16
    default: standard
    }
  }

  /// Refuses a folder that holds anything: nothing is ever overwritten.
  static func checkTarget(_ path: String, _ arguments: ParsedArguments) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      throw arguments.usage("\(path): found a file, expected a new or empty folder")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard names.isEmpty else {
      throw arguments.usage("\(path): found \"\(names.sorted()[0])\" in it, expected a new or empty folder")
    }
  }

  /// Runs what reads folders; a folder that is no good is bad usage.
  static func reading<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as UsageError { throw error } catch {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
  }

  /// `494,032,768`.
  static func count(_ value: Int) -> String {
    let digits = Array(String(value))
    var text = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
