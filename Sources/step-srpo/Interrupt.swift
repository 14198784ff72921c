import Foundation
import StepSRPO
import Synchronization

/// Turns Ctrl-C into a clean stop: the step in progress is finished and a checkpoint written. A second one ends the
/// process at once.
final class Interrupt: TrainingObserver {
  private static let requests = Atomic<Int>(0)

  /// Takes over SIGINT, SIGTERM and SIGHUP for the rest of the process; the last, which a terminal that is closed
  /// sends, stays ignored where it is: `nohup` wants that.
  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !Self.isIgnored(number) {
      signal(number) { _ in
        if Interrupt.requests.wrappingAdd(1, ordering: .relaxed).oldValue >= 1 { _exit(ExitCode.interrupted.rawValue) }
        let note: StaticString = "\nstopping after this step; once more to stop at once\n"
        _ = write(STDERR_FILENO, note.utf8Start, note.utf8CodeUnitCount)
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    return sigaction(number, nil, &action) == 0
      && action.__sigaction_handler.sa_handler.map { handler in
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      } ?? false
  }

  /// Whether a stop was asked for, of any `Interrupt` there is.
  static var wasRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Whether a stop was asked for.
  var isRequested: Bool { Self.requests.load(ordering: .relaxed) > 0 }

  func observe(_ event: TrainingEvent) -> ObserverDecision { isRequested ? .stop : .continue }
}
