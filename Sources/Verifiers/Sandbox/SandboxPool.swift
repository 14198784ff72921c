/// A bounded number of sandboxes, kept between runs.
final class SandboxPool: Sendable {
  /// Runs one job in the sandbox of the thread it is called on.
  /// - Throws: `SandboxFault` when two sandboxes in a row broke.
  typealias Runner = (SandboxJob) throws -> SandboxRun

  private let pool: OwnerPool<Sandbox>
  private let command: SandboxCommand
  private let configuration: SandboxConfiguration

  /// A pool; sandboxes start when there is work for them.
  init(command: SandboxCommand, configuration: SandboxConfiguration, maximumSandboxes: Int) {
    pool = OwnerPool(name: "sandbox", maximumThreads: maximumSandboxes)
    self.command = command
    self.configuration = configuration
  }

  /// Queues work that needs a sandbox; it is called once, on a thread of the pool.
  func submit(_ work: @escaping @Sendable (Runner) -> Void) {
    let (command, configuration) = (command, configuration)
    pool.submit { sandbox in
      work { job in try Self.perform(job, in: &sandbox, command: command, configuration: configuration) }
    }
  }

  /// Runs a job, once more in a fresh sandbox when the first one breaks.
  private static func perform(
    _ job: SandboxJob, in sandbox: inout Sandbox?, command: SandboxCommand, configuration: SandboxConfiguration
  ) throws -> SandboxRun {
    var last = SandboxFault("not run")
    for _ in 0..<2 {
      do {
        let current = try sandbox ?? Sandbox(command: command, configuration: configuration)
        sandbox = current
        return try current.run(job)
      } catch {
        sandbox?.end()
        sandbox = nil
        last = error as? SandboxFault ?? SandboxFault("\(error)")
      }
    }
    throw last
  }
}

extension Sandbox: Endable {}
