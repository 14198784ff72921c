import Digests
import Foundation
import Platform
import StrictJSON
import Synchronization

/// An out-of-process verifier: an executable in any language that reads requests and writes verdicts as JSON lines (see
/// `PluginMessages`), kept alive between batches.
///
/// Whatever goes wrong is a failure of the request it befell, never a score: no answer in time kills and restarts the
/// process, and so does an answer that is no verdict; the requests behind the one that failed are sent again.
public final class PluginVerifier: Verifier {
  /// The name a data row picks this verifier by.
  public let name: String
  /// What its `verifier.json` says.
  public let manifest: PluginManifest

  private let folder: URL
  private let pool: OwnerPool<PluginHost>
  private let cache: Mutex<VerdictCache>

  /// A verifier from the folder that holds `verifier.json`; processes start with the first request.
  /// - Throws: `VerifierFailure` (`unavailable`) naming file and key.
  public init(folder: URL) throws {
    manifest = try PluginManifest(folder: folder)
    name = manifest.name
    self.folder = folder
    pool = OwnerPool(name: "verifier " + manifest.name, maximumThreads: manifest.processes)
    cache = Mutex(VerdictCache(bytes: 32 << 20))
  }

  /// Builds the plug-in where it has to be built, and checks that what it needs is there.
  /// - Throws: `VerifierFailure` (`unavailable`) with what the build wrote, or with the plug-in's install line.
  public func prepare() throws {
    try PluginCheck.build(folder: folder)
    try availability()
  }

  /// Checks that what the plug-in needs is there.
  /// - Throws: `VerifierFailure` (`unavailable`) with its install line.
  public func availability() throws { _ = try PluginCommand(manifest: manifest, folder: folder) }

  /// How the plug-in is held, in words, to be printed at the start of a run.
  public var isolation: [String] {
    [
      manifest.sandbox
        ? "bubblewrap: own namespaces, read-only system and folder, private /tmp"
        : "no sandbox (its manifest says \"sandbox\": false)",
      manifest.network || !manifest.sandbox ? "with network" : "no network",
      manifest.memoryMegabytes > 0 ? "\(manifest.memoryMegabytes) MB of address space" : "no limit on memory",
      "\(JSON.double(manifest.timeout).text()) s a request",
    ]
  }

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] { verify(requests, remembering: manifest.deterministic) }

  func verify(_ requests: [VerifyRequest], remembering: Bool, suspending: Bool = false) -> [Verdict] {
    var verdicts = [Verdict?](repeating: nil, count: requests.count)
    let keys = remembering ? requests.map(Self.digest) : []
    if remembering {
      cache.withLock { cache in
        for (i, key) in keys.enumerated() { verdicts[i] = cache[key] }
      }
    }
    let waiting = requests.indices.filter { verdicts[$0] == nil }
    // Shares of neighbouring requests, one for each process.
    let share = max(1, (waiting.count + manifest.processes - 1) / manifest.processes)
    let shares = stride(from: 0, to: waiting.count, by: share).map {
      Array(waiting[$0..<min($0 + share, waiting.count)])
    }
    let gathered = Gathered<[Verdict]>(count: shares.count)
    let (manifest, folder) = (manifest, folder)
    for (i, indices) in shares.enumerated() {
      let part = indices.map { requests[$0] }
      pool.submit { host in
        if host == nil { host = PluginHost(manifest: manifest, folder: folder) }
        gathered.store(host?.verify(part, suspending: suspending) ?? [], at: i)
      }
    }
    for (indices, found) in zip(shares, gathered.wait()) {
      for (index, verdict) in zip(indices, found ?? []) { verdicts[index] = verdict }
    }
    if remembering {
      cache.withLock { cache in
        for i in waiting {
          if let verdict = verdicts[i] { cache.remember(verdict, for: keys[i]) }
        }
      }
    }
    return verdicts.map { $0 ?? .failed(VerifierFailure(.crashed, "no verdict was reached")) }
  }

  /// Stands for all that a plug-in is told of a request.
  private static func digest(_ request: VerifyRequest) -> SHA256.Digest {
    var hash = SHA256()
    hash.add(PluginMessages.request(request, id: ""))
    return hash.digest
  }
}

/// One process of a plug-in with its deadlines and restarts; owned by one thread.
struct PluginHost: Endable {
  private let manifest: PluginManifest
  private let folder: URL
  private var process: PluginProcess?
  private var nextID = 1

  init(manifest: PluginManifest, folder: URL) {
    self.manifest = manifest
    self.folder = folder
  }

  mutating func end() {
    process?.end()
    process = nil
  }

  /// One verdict per request. With `suspending`, the process is stopped once, after the first request was sent.
  mutating func verify(_ requests: [VerifyRequest], suspending: Bool) -> [Verdict] {
    var verdicts = [Verdict?](repeating: nil, count: requests.count)
    var next = 0
    var again: [Int] = []
    var inFlight: [(id: String, index: Int)] = []
    var failuresInARow = 0
    var suspends = suspending
    var deadline = Deadline(after: manifest.timeout)
    while next < requests.count || !again.isEmpty || !inFlight.isEmpty {
      do {
        if process == nil { process = try PluginProcess(manifest: manifest, folder: folder) }
      } catch {
        let failure = error as? VerifierFailure ?? VerifierFailure(.unavailable, "\(error)")
        for i in requests.indices where verdicts[i] == nil { verdicts[i] = .failed(failure) }
        break
      }
      if inFlight.isEmpty { deadline = Deadline(after: manifest.timeout) }
      while inFlight.count < manifest.maximumInFlight, !again.isEmpty || next < requests.count {
        let index = again.isEmpty ? next : again.removeFirst()
        if index == next { next += 1 }
        let id = String(nextID)
        nextID += 1
        process?.send(PluginMessages.request(requests[index], id: id))
        inFlight.append((id, index))
      }
      if suspends {
        suspends = false
        process?.suspend()
      }
      do {
        guard let line = try process?.line(until: deadline) else {
          throw VerifierFailure(.timeout, "no answer within \(manifest.timeout) s")
        }
        let (id, verdict) = try PluginMessages.reply(line)
        guard let place = inFlight.firstIndex(where: { $0.id == id }) else {
          throw VerifierFailure(.badReply, "it answered id \"\(id.prefix(40))\", which was not asked")
        }
        verdicts[inFlight.remove(at: place).index] = verdict
        deadline = Deadline(after: manifest.timeout)
        failuresInARow = 0
      } catch {
        // The oldest request is taken to be the one that broke it; the others are asked again.
        var failure = error as? VerifierFailure ?? VerifierFailure(.crashed, "\(error)")
        failure = VerifierFailure(failure.kind, "\(manifest.name): \(failure.message)\(process?.complaint ?? "")")
        end()
        if let oldest = inFlight.first { verdicts[oldest.index] = .failed(failure) }
        again = inFlight.dropFirst().map(\.index) + again
        inFlight = []
        failuresInARow += 1
        if failuresInARow > manifest.restarts {
          let end = VerifierFailure(failure.kind, "\(failure.message); given up after \(manifest.restarts) restarts")
          for i in requests.indices where verdicts[i] == nil { verdicts[i] = .failed(end) }
          break
        }
      }
    }
    return verdicts.map { $0 ?? .failed(VerifierFailure(.crashed, "no verdict was reached")) }
  }
}
