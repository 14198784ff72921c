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
    try FileSystem.write(Array(document.text().utf8), to: file)
    try FileSystem.synchronize(file)
    try FileSystem.synchronize(folder)
    return file
  }
}
