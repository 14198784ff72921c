import Foundation

/// The part of a response that answers, without the thought before it.
enum ResponseText {
  /// What stands after the last `</think>`, inside the last `<answer>` where there is one. An unclosed `<think>` leaves
  /// nothing: a thought that never ended gave no answer.
  static func answer(of response: String) -> String {
    var text = withoutThought(response)
    if let close = text.range(of: "</judge>", options: .backwards) { text = String(text[close.upperBound...]) }
    for gate in ["<think_on>", "<think_off>"] { text = text.replacingOccurrences(of: gate, with: "") }
    if let open = text.range(of: "<answer>", options: .backwards) {
      let inside = text[open.upperBound...]
      if let close = inside.range(of: "</answer>") { return String(inside[..<close.lowerBound]) }
      // A response cut off inside its closing tag.
      if let cut = inside.range(of: "</", options: .backwards), "</answer>".hasPrefix(inside[cut.lowerBound...]) {
        return String(inside[..<cut.lowerBound])
      }
      return String(inside)
    }
    return text
  }

  /// The response from the last `</think>` on.
  static func withoutThought(_ response: String) -> String {
    var text = response[...]
    if let close = text.range(of: "</think>", options: .backwards) { text = text[close.upperBound...] }
    if let open = text.range(of: "<think>") { text = text[..<open.lowerBound] }
    return String(text)
  }
}
