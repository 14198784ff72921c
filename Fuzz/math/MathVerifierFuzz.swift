import StrictJSON

/// One input of the fuzzer: bytes up to a zero byte are a response, the rest a reference.
///
/// Beyond not crashing, three laws are checked: the verifier gives exactly one verdict, what can be read equals
/// itself, and the order of two readings never matters.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMathVerifier(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let response = String(decoding: parts[0], as: UTF8.self)
  let reference = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : response
  let request = VerifyRequest(id: "fuzz", response: response, reference: .string(reference))
  precondition(MathVerifier().verify([request]).count == 1)
  let budget = MathBudget.standard
  guard let left = try? MathParser.parse(Array(response.utf8), budget: budget) else { return 0 }
  precondition(MathVerifier.compare(left, left, budget).isSame, "not equal to itself")
  guard let right = try? MathParser.parse(Array(reference.utf8), budget: budget) else { return 0 }
  let forward = MathVerifier.compare(left, right, budget).isSame
  precondition(forward == MathVerifier.compare(right, left, budget).isSame, "not symmetric")
  return 0
}
