/// Why a run folder, its lock or a checkpoint cannot be used.
public enum RunStoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The name cannot be that of a folder.
  case badName(String)
  /// A run of this name exists.
  case exists(name: String, path: String)
  /// No run of this name; `nearest` is the likely spelling.
  case notFound(name: String, folder: String, nearest: String?)
  /// Another process is running it.
  case locked(name: String, process: String)
  /// The database has another schema.
  case schema(path: String, found: Int, expected: Int)
  /// The database is another program's.
  case foreign(path: String, expected: String)
  /// A folder or file cannot be written.
  case unwritable(path: String, reason: String)
  /// A folder or file cannot be read.
  case unreadable(path: String, reason: String)
  /// The database ends before the checkpoint that should be resumed.
  case rowsMissing(path: String, lastStep: Int, checkpoint: Int)
  /// A checkpoint is not as it was written; `newestWhole` is the step of the newest one before it that is.
  case damagedCheckpoint(reason: String, newestWhole: Int?)
  /// There is no checkpoint of this step.
  case noCheckpoint(path: String, step: Int, found: [Int])
  /// The rows end at another step than this process has written: somebody else writes them.
  case foreignStep(path: String, lastStep: Int, expected: Int)
  /// Nothing could be made of a new run.
  case notMade(name: String, reason: String)
  /// The database has no row that describes the run.
  case notARun(path: String)

  /// What was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .badName(let name):
      "run name \"\(name)\": expected 1 to 100 letters, digits, '.', '_' or '-', the first no '.' or '-'"
    case .exists(let name, let path):
      "run \"\(name)\" exists already (\(path)). Choose another with --name, continue it with "
        + "`step-srpo resume \(name)`, or delete its folder"
    case .notFound(let name, let folder, let nearest):
      "no run \"\(name)\" in \(folder)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        + " `step-srpo runs` lists them"
    case .locked(let name, let process):
      "run \"\(name)\" is being run by another process (\(process)). Wait until it has ended, or stop it"
    case .schema(let path, let found, let expected):
      found > expected
        ? "\(path): written by a newer step-srpo (schema \(found), this one knows \(expected)). Use that version"
        : "\(path): written by an older step-srpo (schema \(found), this one knows \(expected)). Use that version"
    case .foreign(let path, let expected):
      "\(path): a database, but not of this program; expected \(expected)"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason). Check permissions and free space"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .rowsMissing(let path, let lastStep, let checkpoint):
      "\(path): rows end at step \(lastStep), but the checkpoint stands at step \(checkpoint). "
        + "The database is not the one this checkpoint was written with: restore it from a copy"
    case .damagedCheckpoint(let reason, let newestWhole):
      reason + ". "
        + (newestWhole.map {
          "The newest whole checkpoint before it is that of step \($0): `step-srpo resume RUN --from \($0)` goes on from there, "
            + "with the same numbers"
        } ?? "There is no whole checkpoint before it: restore it from a copy, or start the run again")
    case .noCheckpoint(let path, let step, let found):
      "\(path): no checkpoint of step \(step); found "
        + (found.isEmpty ? "none" : found.map(String.init).joined(separator: ", "))
    case .foreignStep(let path, let lastStep, let expected):
      "\(path): rows end at step \(lastStep), this process wrote step \(expected) last: another process has changed the run. "
        + "Nothing was written; `step-srpo resume` goes on from the last checkpoint once nobody else runs it"
    case .notMade(let name, let reason):
      "no run \"\(name)\" was made: \(reason). Nothing is left of it; check permissions and free space, then start it "
        + "again"
    case .notARun(let path): "\(path): no run was ever started in this database. Delete its folder and start again"
    }
  }
}
