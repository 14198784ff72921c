import StrictJSON

/// The JSON lines between a plug-in and its host, version 1.
///
/// Greeting, from the plug-in: `{"v":1,"ready":true,"name":…}`.
/// Request: `{"v":1,"id","step":null,"gold":…,"response":…,"prompt":…,"meta":{…}}`, keys in this order.
/// Reply: `{"id","score":0…1|null,"extracted","outcome","reason","metrics":{…}}`; a null score abstains.
enum PluginMessages {
  /// The version of the protocol.
  static let version = 1

  /// The line for one request. `step` is null: whole responses are scored.
  static func request(_ request: VerifyRequest, id: String) -> String {
    JSON.object(
      JSONObject([
        ("v", .int(version)), ("id", .string(id)), ("step", .null), ("gold", request.reference),
        ("response", .string(request.response)), ("prompt", .string(request.prompt)), ("meta", .object(request.fields)),
      ])
    ).text()
  }

  /// Checks a greeting.
  /// - Throws: `VerifierFailure` (`badReply`).
  static func checkGreeting(_ line: [UInt8], name: String) throws {
    let greeting = try? JSON.parse(utf8: line)
    guard let greeting, greeting["ready"] == true else {
      throw VerifierFailure(.badReply, "its first line is \(shown(line)), expected {\"v\":1,\"ready\":true,\"name\":…}")
    }
    guard greeting["v"]?.int == version else {
      throw VerifierFailure(.badReply, "it speaks version \(greeting["v"]?.text() ?? "none"), expected \(version)")
    }
    if let said = greeting["name"]?.string, said != name {
      throw VerifierFailure(.badReply, "it says its name is \"\(said)\", the manifest says \"\(name)\"")
    }
  }

  /// Reads a reply.
  /// - Throws: `VerifierFailure` (`badReply`).
  static func reply(_ line: [UInt8]) throws -> (id: String, verdict: Verdict) {
    let reply: JSON
    do { reply = try JSON.parse(utf8: line) } catch {
      throw VerifierFailure(.badReply, "it answered \(shown(line)), which is no JSON: \(error)")
    }
    guard let id = reply["id"]?.string ?? reply["id"]?.int.map(String.init) else {
      throw VerifierFailure(.badReply, "it answered \(shown(line)), which has no \"id\"")
    }
    let reason = reply["reason"]?.string
    if let error = reply["error"]?.string { return (id, .failed(VerifierFailure(.crashed, error))) }
    switch reply["score"] {
    case .null?: return (id, .abstain(reason: reason ?? "the plug-in could not judge"))
    case .number(let number)? where (0...1).contains(number.double):
      var metrics: [String: Double] = [:]
      for (key, value) in reply["metrics"]?.object?.pairs ?? [] {
        if let number = value.double, number.isFinite { metrics[key] = number }
      }
      return (
        id,
        .score(
          number.double,
          VerdictDetail(
            extracted: reply["extracted"].flatMap { $0.string ?? ($0.isNull ? nil : $0.text()) },
            outcome: reply["outcome"]?.string, reason: reason, metrics: metrics))
      )
    default:
      let found = reply["score"].map { String($0.text().prefix(60)) } ?? "missing"
      return (id, .failed(VerifierFailure(.badReply, "\"score\" is \(found), expected 0 to 1 or null")))
    }
  }

  private static func shown(_ line: [UInt8]) -> String {
    JSON.string(String(decoding: line.prefix(120), as: UTF8.self)).text()
  }
}
