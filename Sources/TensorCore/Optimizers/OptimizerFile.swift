/// The file of a checkpoint folder that holds an optimizer's state.
private let optimizerFile = "optimizer.safetensors"

extension Optimizer {
  /// Writes the state into a checkpoint folder. The count of steps is the caller's to keep.
  ///
  /// - Throws: what the file system says.
  public func save(to folder: String) throws {
    try SafeTensorsWriter.write(state, to: "\(folder)/\(optimizerFile)")
  }

  /// Restores what ``save(to:)`` wrote into a checkpoint folder.
  ///
  /// - Throws: ``SafeTensorsError`` for a file that is missing or broken, ``OptimizerStateError`` for another model's.
  public func restore(from folder: String, stepCount: Int) throws {
    let file = try SafeTensorsFile(path: "\(folder)/\(optimizerFile)")
    try restore(stepCount: stepCount) { name in
      file.entries[name] == nil ? nil : try file.tensor(name)
    }
  }
}
