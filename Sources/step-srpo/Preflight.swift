import ColdStart
import StepSRPO
import Verifiers

/// Checks before the first step that every verifier the data asks for exists and can work here.
enum Preflight {
  static func check(_ data: PipelineData, registry: VerifierRegistry, console: Console) throws {
    let names = Set((data.queries + data.evaluation.flatMap(\.items)).map(\.verifier)).sorted()
    for name in names {
      do {
        let verifier = try registry.verifier(named: name)
        guard let code = verifier as? CodeVerifier else { continue }
        console.note("sandbox     " + (try code.layers()).joined(separator: ", "))
      } catch let failure as VerifierFailure {
        throw CommandFailure(code: .usage, description: failure.message)
      }
    }
  }
}
