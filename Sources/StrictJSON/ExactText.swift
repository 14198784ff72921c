/// A text that equals only the same bytes.
///
/// `String` calls two texts equal that are canonically equivalent, such as a letter with its accent as one scalar or as two.
/// Programs, files and verdicts tell them apart, so what is looked up by them is looked up by this.
public struct ExactText: Hashable, Sendable {
  /// The text.
  public let text: String

  /// Wraps a text.
  public init(_ text: String) { self.text = text }

  /// Whether both are the same UTF-8 bytes.
  public static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  /// Feeds the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
