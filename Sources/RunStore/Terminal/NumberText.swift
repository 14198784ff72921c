import Foundation

/// Numbers as people read them; the same in every locale.
public enum NumberText {
  /// A fixed number of decimals: `0.250`.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    let text = String(format: "%.\(max(0, decimals))f", value)
    // "-0.00" reads as a sign error.
    return text.hasPrefix("-") && text.allSatisfy { "-0.".contains($0) } ? String(text.dropFirst()) : text
  }

  /// About four significant digits, without an exponent where that stays short.
  public static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, 0) }
    let size = abs(value)
    if size >= 1e7 || size < 1e-3 { return String(format: "%.2e", value) }
    return fixed(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 4)
  }

  /// Six significant digits, as `%g` prints them.
  public static func significant(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : fixed(value, 0)
  }

  /// A whole number with a comma at each thousand: `12,345`.
  public static func grouped(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return short(value) }
    let digits = String(Int(abs(value.rounded())))
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return (value.rounded() < 0 ? "-" : "") + out
  }

  /// A share as a percentage: `34 %`, `34.5 %` with one decimal.
  public static func percent(_ share: Double, decimals: Int = 0) -> String { fixed(share * 100, decimals) + " %" }

  /// A time span: `48s`, `3:12`, `1:02:09`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "-" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}
