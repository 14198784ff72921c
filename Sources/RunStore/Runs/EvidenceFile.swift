import Foundation
import StepSRPO
import StrictJSON

extension RunFolder {
  /// Keeps the batch of a broken step in `evidence/`, on the disk before this returns.
  /// - Returns: the file.
  /// - Throws: ``RunStoreError``.
  public func keepEvidence(_ broken: BrokenStep) throws -> String {
    let folder = path + "/evidence"
    try FileSystem.createDirectory(folder)
    let stage = broken.stage.replacing(" ", with: "-")
    let file = "\(folder)/\(stage)-\(CheckpointFolder.folderName(broken.step)).json"
    let document: JSON = [
      "stage": .string(broken.stage), "step": .int(broken.step), "cause": .string("\(broken.cause)"),
      "batch": broken.batch,
    ]
    do { try document.text().write(toFile: file, atomically: true, encoding: .utf8) } catch {
      throw RunStoreError.unwritable(path: file, reason: error.localizedDescription)
    }
    try FileSystem.synchronize(file)
    try FileSystem.synchronize(folder)
    return file
  }
}
