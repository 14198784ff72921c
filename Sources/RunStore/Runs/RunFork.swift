import Foundation
import StepSRPO
import StrictJSON

extension RunFolder {
  /// Makes a new run that goes on from the newest checkpoint of this one, under another configuration. The rows and the
  /// checkpoint are copied; this run is only read, and may be running.
  ///
  /// - Returns: the new run, ready to be resumed.
  /// - Throws: ``RunStoreError`` for a bad or existing name and a folder that cannot be written; ``SQLiteError``.
  public func fork(_ name: String, in runsFolder: String, config: JSON, seed: Int, dataHash: String) throws
    -> RunFolder
  {
    let reader = try RunReader(self)
    let checkpoint = try CheckpointFolder(of: self).resumable().flatMap { $0.isColdStart ? nil : $0 }
    return try RunFolder.create(name, in: runsFolder) { fork in
      if let checkpoint {
        try CheckpointFolder(of: fork).write(step: checkpoint.step) { folder in
          for file in try FileSystem.names(in: checkpoint.path) {
            try FileManager.default.copyItem(atPath: "\(checkpoint.path)/\(file)", toPath: "\(folder)/\(file)")
          }
        }
      }
      try copyRows(of: reader, to: fork, checkpoint: checkpoint, config: config, seed: seed, dataHash: dataHash)
    }.folder
  }

  private func copyRows(
    of reader: RunReader, to fork: RunFolder, checkpoint: StoredCheckpoint?, config: JSON, seed: Int, dataHash: String
  ) throws {
    let info = try reader.info()
    let source = try RunSchema.kind.open(databasePath, .read)
    try source.execute("PRAGMA query_only = OFF")
    try source.run("VACUUM INTO ?", [.text(fork.databasePath)])
    let copy = try RunSchema.kind.open(fork.databasePath, .write)
    let origin = "\(info.name) after step \(checkpoint?.step ?? 0)"
    try copy.run(
      "UPDATE runs SET name = ?, created = ?, seed = ?, config = ?, data_hash = ?, forked_from = ?, status = 'running', "
        + "status_detail = NULL, total_steps = NULL",
      [
        .text(fork.name), .text(Date().formatted(.iso8601)), .int(seed), .text(config.text()), .text(dataHash),
        .text(origin),
      ])
    copy.close()
    try FileSystem.synchronize(fork.databasePath)
  }
}
