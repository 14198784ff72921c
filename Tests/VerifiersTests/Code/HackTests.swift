import Foundation
import StrictJSON
import Testing

@testable import Verifiers

@Suite("Hacks", .enabled(if: codeIsUnavailable == nil, "\(codeIsUnavailable ?? "")"), .serialized)
struct HackTests {
  /// A verifier of its own with short limits, so that the many that run into them do not add up.
  static let verifier = CodeVerifier(
    settings: CodeVerifier.Settings(
      maximumProcesses: 2, limits: SandboxLimits(seconds: 0.5, memory: 256 << 20, output: 1 << 20), cacheBytes: 0))

  static let tests: JSON = [
    "kind": "asserts",
    "asserts": ["assert add(101, 5) == 106", "assert add(-31, 14) == -17", "assert add(1000, 7) == 1007"],
  ]

  /// What may not be reached: a listener, a Unix socket, files, a secret.
  struct Bait {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bait-\(UUID().uuidString)")
    let tcp: Int32
    let unix: Int32
    let abstract: Int32
    let port: UInt16
    var unixPath: String { folder.appending(path: "s").path }

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("secret".utf8).write(to: folder.appending(path: "secret"))
      (tcp, port) = Bait.network()
      unix = Bait.listener(folder.appending(path: "s").path, isAbstract: false)
      abstract = Bait.listener(folder.appending(path: "s").path, isAbstract: true)
      for file in [tcp, unix, abstract] { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
    }

    private static func network() -> (Int32, UInt16) {
      let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = bind(file, $0, length)
          _ = listen(file, 16)
          _ = getsockname(file, $0, &length)
        }
      }
      return (file, UInt16(bigEndian: address.sin_port))
    }

    private static func listener(_ path: String, isAbstract: Bool) -> Int32 {
      let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = (isAbstract ? [0] : []) + Array(path.utf8)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = bind(file, $0, size) }
      }
      _ = listen(file, 16)
      return file
    }

    /// Connections that arrived.
    func callers() -> Int { [tcp, unix, abstract].filter { accept($0, nil, nil) >= 0 }.count }

    func end() {
      for file in [tcp, unix, abstract] { close(file) }
      try? FileManager.default.removeItem(at: folder)
    }
  }

  private func names(in folder: String) -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
  }

  private func commands() -> [String] {
    names(in: "/proc").filter { Int($0) != nil }.compactMap {
      FileManager.default.contents(atPath: "/proc/\($0)/cmdline").map { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test("no hack is scored, none escapes, none leaves a trace")
  func hacks() throws {
    let bait = try Bait()
    defer { bait.end() }
    setenv("STEP_SRPO_SECRET", "swordfish", 1)
    defer { unsetenv("STEP_SRPO_SECRET") }
    let folders = ["/", "/etc", "/usr", "/usr/lib", "/dev", "/dev/shm", NSHomeDirectory()]
    let before = folders.map(names)
    let hacks = HackList.all + HarmList.all + TrickList.all
    #expect(hacks.count >= 180)
    #expect(Set(hacks.map(\.name)).count == hacks.count)
    // A right solution stands between every few hacks: what one does must not reach the next.
    let right = "def add(a, b): return sum([a, b])"
    var requests: [VerifyRequest] = []
    for (i, hack) in hacks.enumerated() {
      let program = hack.program.replacing("PORT", with: String(bait.port)).replacing("UNIXPATH", with: bait.unixPath)
      requests.append(Self.request(hack.name, program))
      if i % 4 == 3 { requests.append(Self.request("right \(i)", right)) }
    }
    let verdicts = Self.verifier.verify(requests)
    let expected = Dictionary(uniqueKeysWithValues: hacks.map { ($0.name, $0.outcomes) })
    for (request, verdict) in zip(requests, verdicts) {
      if request.id.hasPrefix("right") {
        #expect(verdict.score == 1, "\(request.id): \(verdict)")
      } else {
        #expect(verdict.score == 0, "\(request.id): \(verdict)")
        if let outcomes = expected[request.id], !outcomes.isEmpty {
          #expect(outcomes.contains(verdict.detail?.outcome ?? "none"), "\(request.id): \(verdict)")
        }
      }
    }
    #expect(bait.callers() == 0)
    for (folder, names) in zip(folders, before) {
      #expect(self.names(in: folder).subtracting(names).filter { $0.contains("escape") || $0 == "passed" }.isEmpty)
    }
    #expect(!commands().contains { $0.contains("4321") })
  }

  private static func request(_ id: String, _ program: String) -> VerifyRequest {
    VerifyRequest(id: id, response: program, fields: JSONObject([("tests", tests)]))
  }

  @Test("secrets of this machine are out of reach")
  func secrets() throws {
    let bait = try Bait()
    defer { bait.end() }
    setenv("STEP_SRPO_SECRET", "swordfish", 1)
    defer { unsetenv("STEP_SRPO_SECRET") }
    let hostname = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
    let passwd = try String(contentsOfFile: "/etc/passwd", encoding: .utf8)
    let programs: [(String, JSON)] = [
      ("import os\ndef f(): return os.environ.get('STEP_SRPO_SECRET')", "swordfish"),
      ("def f(): return open('\(bait.folder.path)/secret').read()", "secret"),
      ("def f(): return open('/etc/passwd').read()", .string(passwd)),
      ("import os\ndef f(): return os.uname().nodename + '\\n'", .string(hostname)),
      ("import os\ndef f(): return os.path.exists('\(NSHomeDirectory())')", true),
      ("import os\ndef f(): return os.path.exists('\(#filePath)')", true),
      ("import os\ndef f(): return os.path.exists('/proc/1')", true),
      ("import os\ndef f(): return os.getuid() == 0", true),
      ("import os\ndef f(): return len(os.listdir('/tmp')) > 0", true),
    ]
    let requests = programs.enumerated().map { i, program in
      VerifyRequest(
        id: "\(i)", response: program.0,
        fields: JSONObject([
          ("tests", ["kind": "call", "entry_point": "f", "cases": [["args": [], "expected": program.1]]])
        ]))
    }
    for (request, verdict) in zip(requests, Self.verifier.verify(requests)) {
      #expect(verdict.score == 0, "\(request.response): \(verdict)")
    }
  }

  @Test("a file written by one run is gone in the next")
  func freshFiles() {
    let tests: JSON = ["kind": "call", "entry_point": "f", "cases": [["args": [], "expected": false]]]
    let program = """
      import os
      seen = os.path.exists('/tmp/mark')
      open('/tmp/mark', 'w').write('x')
      def f(): return seen
      """
    for i in 0..<4 {
      let request = VerifyRequest(id: "\(i)", response: program + "\n# \(i)", fields: JSONObject([("tests", tests)]))
      #expect(Self.verifier.verify([request])[0].score == 1)
    }
  }

  @Test("nothing is left behind when a verifier ends")
  func ends() {
    var verifier: CodeVerifier? = CodeVerifier(settings: CodeVerifier.Settings(maximumProcesses: 2))
    let marked = "# \(UUID().uuidString)\n"
    let requests = (0..<4).map { Self.request("\($0)", marked + "def add(a, b): return a + b + \($0)") }
    #expect(verifier?.verify(requests).map(\.score) == [1, 0, 0, 0])
    let during = Set(ProcessTree.descendants(of: getpid()))
    verifier = nil
    // Each of the two sandboxes is bubblewrap, its init and the fork server.
    var left = during
    for _ in 0..<200 where left.count > during.count - 6 {
      usleep(10_000)
      left = during.filter { kill($0, 0) == 0 }
    }
    #expect(left.count <= during.count - 6, "\(during.count) processes before, \(left.count) after")
  }
}
