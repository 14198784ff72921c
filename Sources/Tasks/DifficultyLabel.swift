extension TaskItem {
  /// The name of this item's difficulty in metric names and tables: the row's `level` where it has one, otherwise the
  /// tenth its difficulty falls in (`0.3-0.4`), otherwise `unknown`.
  public var difficultyLabel: String {
    if let level = fields["level"] {
      if let number = level.int { return String(number) }
      if let text = level.string { return text.replacing(" ", with: "_").replacing("/", with: "_") }
    }
    guard let difficulty, difficulty.isFinite else { return "unknown" }
    let tenth = min(9, max(0, Int(difficulty * 10)))
    return tenth == 9 ? "0.9-1.0" : "0.\(tenth)-0.\(tenth + 1)"
  }
}
