import Foundation
import Platform
import StrictJSON
import Tasks
import TensorCore

/// A checkpoint that cannot be continued.
public struct TrainerStateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// File, what was found and what was expected.
  public let description: String

  /// An error.
  public init(description: String) { self.description = description }
}

/// Everything a resume needs beside the weights and the optimizer's moments. Random numbers are functions of their
/// coordinates, so no generator state is among it.
public struct TrainerState: Codable, Sendable, Equatable {
  /// Reinforcement steps done.
  public var step = 0
  /// Optimizer steps done.
  public var optimizerSteps = 0
  /// Tokens sampled so far.
  public var sampledTokens = 0
  /// The order of queries and what is remembered of them.
  public var sampler: QuerySampler
  /// The last steps' pressure on the gate.
  public var collapse = CollapseMonitor()
  /// The forms of right answers; nil in the checkpoints of a program that did not watch them.
  public var forms: AnswerForms? = AnswerForms()
  /// The last steps' shares that a limit is set for.
  public var shares = ShareMonitor()

  /// The state before the first step.
  public init(sampler: QuerySampler) { self.sampler = sampler }

  /// Decodes a state; one that was written before shares or forms were remembered remembers none.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    step = try values.decode(Int.self, forKey: .step)
    optimizerSteps = try values.decode(Int.self, forKey: .optimizerSteps)
    sampledTokens = try values.decode(Int.self, forKey: .sampledTokens)
    sampler = try values.decode(QuerySampler.self, forKey: .sampler)
    collapse = try values.decode(CollapseMonitor.self, forKey: .collapse)
    shares = try values.decodeIfPresent(ShareMonitor.self, forKey: .shares) ?? ShareMonitor()
    forms = try values.decodeIfPresent(AnswerForms.self, forKey: .forms)
  }
}

// MARK: - Files

extension TrainerState {
  private static let stateFile = "trainer_state.json"

  func save(to folder: String, optimizer: any Optimizer) throws {
    try optimizer.save(to: folder)
    var state = self
    state.optimizerSteps = optimizer.stepCount
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try OutputFile.write(Array(encoder.encode(state)), to: "\(folder)/\(Self.stateFile)", atomically: false)
  }

  /// The state a trainer begins with: that of `folder`, a checkpoint whose optimizer it restores too, or a new one.
  static func first(
    of configuration: RunConfiguration, queries: [TaskItem], resuming folder: String?, optimizer: any Optimizer
  ) throws -> TrainerState {
    guard let folder else { return TrainerState(sampler: QuerySampler(queries, configuration: configuration)) }
    var state = try restore(from: folder, optimizer: optimizer, queries: queries.count)
    state.sampler.adopt(configuration)
    return state
  }

  /// The number of queries a checkpoint's state remembers; nil where the folder has no readable state.
  public static func queryCount(in folder: String) -> Int? { (try? read(folder))?.sampler.history.count }

  static func restore(from folder: String, optimizer: any Optimizer, queries: Int) throws -> TrainerState {
    let state = try read(folder)
    guard state.sampler.history.count == queries else {
      throw TrainerStateError(
        description: "\(folder)/\(stateFile): found the history of \(state.sampler.history.count) queries, expected "
          + "\(queries): the training data has changed since")
    }
    try optimizer.restore(from: folder, stepCount: state.optimizerSteps)
    return state
  }

  private static func read(_ folder: String) throws -> TrainerState {
    let bytes = try TrainerStateError.contents(of: stateFile, in: folder)
    do { return try JSONDecoder().decode(TrainerState.self, from: Data(bytes)) } catch let failure as DecodingError {
      throw TrainerStateError.damaged(stateFile, in: folder, "\(failure.key): \(failure.found)")
    }
  }
}

extension TrainerStateError {
  /// The bytes of a checkpoint's file of JSON.
  /// - Throws: `TrainerStateError` for one that is missing, unreadable or no JSON.
  public static func contents(of file: String, in folder: String) throws -> [UInt8] {
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: "\(folder)/\(file)") } catch {
      throw damaged(file, in: folder, error.reason)
    }
    do { _ = try JSON.parse(utf8: bytes) } catch { throw damaged(file, in: folder, "\(error)") }
    return bytes
  }

  /// A file of a checkpoint that is not what was written, and the way on.
  public static func damaged(_ file: String, in folder: String, _ found: String) -> TrainerStateError {
    TrainerStateError(
      description:
        "\(folder)/\(file): \(found). The checkpoint is damaged: delete its folder, and `step-srpo resume` goes "
        + "on from the one before it")
  }
}
