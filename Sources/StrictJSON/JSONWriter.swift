extension JSON {
  /// The text of this value: one line when `pretty` is false, two-space indentation otherwise. Keys keep their order.
  public func text(pretty: Bool = false) -> String {
    var out = ""
    write(to: &out, indent: pretty ? 0 : nil)
    return out
  }

  private func write(to out: inout String, indent: Int?) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .number(let value): out += value.text
    case .string(let value): JSON.quote(value, to: &out)
    case .array(let elements):
      JSON.list(elements, open: "[", close: "]", to: &out, indent: indent) { element, out, inner in
        element.write(to: &out, indent: inner)
      }
    case .object(let object):
      JSON.list(object.pairs, open: "{", close: "}", to: &out, indent: indent) { pair, out, inner in
        JSON.quote(pair.key, to: &out)
        out += inner == nil ? ":" : ": "
        pair.value.write(to: &out, indent: inner)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], open: String, close: String, to out: inout String, indent: Int?,
    each: (Element, inout String, Int?) -> Void
  ) {
    out += open
    let inner = indent.map { $0 + 1 }
    for (i, element) in elements.enumerated() {
      if i > 0 { out += "," }
      if let inner { out += "\n" + String(repeating: "  ", count: inner) }
      each(element, &out, inner)
    }
    if let indent, !elements.isEmpty { out += "\n" + String(repeating: "  ", count: indent) }
    out += close
  }

  /// Whether a terminal or an editor would act on it: controls of both sets, line separators, and the marks that turn the
  /// direction of text.
  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func quote(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where acts(scalar):
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
