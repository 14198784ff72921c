import Foundation

/// Standard input, output and error.
enum StandardDescriptors {
  /// Opens `/dev/null` for each of the three that is closed. Otherwise the next file that is opened would get its number, and
  /// what is meant for people would be written into it.
  static func openClosedOnes() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is missing: those below it are open by now.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
