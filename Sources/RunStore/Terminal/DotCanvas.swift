/// Dots and marks on a grid of terminal cells: two by four dots a cell in Braille, one mark a cell in ASCII.
struct DotCanvas {
  let columns: Int
  let rows: Int
  let unicode: Bool
  private var dots: [UInt8]
  private var owners: [Int?]
  private var marks: [Character?]

  init(columns: Int, rows: Int, unicode: Bool) {
    self.columns = columns
    self.rows = rows
    self.unicode = unicode
    dots = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: nil, count: columns * rows)
    marks = Array(repeating: nil, count: columns * rows)
  }

  /// Dots across and down.
  var width: Int { unicode ? columns * 2 : columns }
  var height: Int { unicode ? rows * 4 : rows }

  /// The bit of each dot of a Braille cell, by row and column.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  /// Sets one dot; dots outside are ignored. `owner` is the series whose colour the cell takes.
  mutating func set(_ x: Int, _ y: Int, owner: Int, mark: Character) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let cell = unicode ? y / 4 * columns + x / 2 : y * columns + x
    if unicode { dots[cell] |= Self.bits[y % 4][x % 2] } else { marks[cell] = mark }
    owners[cell] = owner
  }

  /// A line between two dots.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int), owner: Int, mark: Character) {
    let length = max(abs(b.x - a.x), abs(b.y - a.y))
    for i in 0...max(1, length) {
      let share = Double(i) / Double(max(1, length))
      let x = Double(a.x) + share * Double(b.x - a.x)
      let y = Double(a.y) + share * Double(b.y - a.y)
      set(Int(x.rounded()), Int(y.rounded()), owner: owner, mark: mark)
    }
  }

  /// Puts a mark over the cell of a dot, so that lines can be told apart without colour.
  mutating func stamp(_ x: Int, _ y: Int, owner: Int, mark: Character) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let cell = unicode ? y / 4 * columns + x / 2 : y * columns + x
    marks[cell] = mark
    owners[cell] = owner
  }

  /// One row of cells; `paint` colours a cell's text for its owner.
  func row(_ row: Int, paint: (String, Int) -> String) -> String {
    (0..<columns).map { column -> String in
      let cell = row * columns + column
      let character: Character
      if let mark = marks[cell] {
        character = mark
      } else if dots[cell] != 0 {
        character = Character(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
      } else {
        return " "
      }
      return owners[cell].map { paint(String(character), $0) } ?? String(character)
    }.joined()
  }
}
