import StrictJSON

// What the built-in verifiers take for a right response, so that a preflight can give it to them.

extension MathVerifier {
  /// The first reference in a box: what the row says is right, submitted without any doubt about where it stands.
  public func rightResponse(to request: VerifyRequest) -> String? {
    switch request.references.first {
    case .string(let text)?: text.contains("\\boxed") ? text : "\\boxed{\(text)}"
    case .number(let number)?: "\\boxed{\(number.text)}"
    default: nil
    }
  }
}

extension ScienceVerifier {
  /// The letter of the key, whether the row gives it as a letter, an index or a text.
  public func rightResponse(to request: VerifyRequest) -> String? {
    guard let options = try? ChoiceOptions(request.fields["choices"]), let reference = request.references.first,
      let key = try? options.key(reference)
    else { return nil }
    return "Answer: \(key)"
  }
}

extension CodeVerifier {
  /// The row's `solution`, a program, where it brings one.
  public func rightResponse(to request: VerifyRequest) -> String? { request.fields["solution"]?.string }
}

extension GeneralVerifier {
  /// The first reference; for DROP's published rows the first of the answers between bars.
  public func rightResponse(to request: VerifyRequest) -> String? {
    guard knowsRight(request) else { return nil }
    var reference = request.references.first
    if reference == nil, let text = request.fields["ref_text"], !text.isNull { reference = text }
    switch reference {
    case .string(let text)?:
      return (try? rule(of: request)) == "drop" ? text.split(separator: "|").first.map(String.init) : text
    case .number(let number)?: return number.text
    case .bool(let flag)?: return flag ? "true" : "false"
    default: return nil
    }
  }

  /// False where a row asks for a form (IFEval's instructions) or for a classifier's opinion.
  public func knowsRight(_ request: VerifyRequest) -> Bool {
    let rule = try? rule(of: request)
    return rule != "instructions" && rule != "classifier"
  }
}

extension PluginVerifier {
  /// The first reference, unless the manifest says that references are not looked at.
  public func rightResponse(to request: VerifyRequest) -> String? {
    guard manifest.usesReference else { return nil }
    switch request.references.first {
    case .string(let text)?: return text
    case .number(let number)?: return number.text
    default: return nil
    }
  }

  /// Whether there is a reference, and the plug-in looks at it.
  public func knowsRight(_ request: VerifyRequest) -> Bool { manifest.usesReference && !request.reference.isNull }
}
