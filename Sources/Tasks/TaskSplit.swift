/// The parts of a data set that never share an item.
public enum TaskSplit: String, Sendable, Codable, CaseIterable {
  case train, validation, test
}
