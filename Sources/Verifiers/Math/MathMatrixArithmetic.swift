/// Matrices and vectors with a factor, a divisor, a sign or a transposition, worked out cell by cell.
enum MathMatrixArithmetic {
  /// `\frac12 \begin{pmatrix}…\end{pmatrix}` and its kin as one matrix or tuple; anything else as it is.
  static func folded(_ expression: MathExpression) -> MathExpression {
    switch expression {
    case .product(let factors):
      let parts = factors.map(folded)
      guard let position = parts.firstIndex(where: isGrid), parts.filter(isGrid).count == 1 else { return expression }
      let scalars = parts.enumerated().filter { $0.offset != position }.map(\.element)
      guard scalars.allSatisfy(\.isScalar) else { return expression }
      return mapped(parts[position]) { .product(scalars + [$0]) }
    case .quotient(let top, let divisor):
      let grid = folded(top)
      guard isGrid(grid), divisor.isScalar else { return expression }
      return mapped(grid) { .quotient($0, divisor) }
    case .negation(let inner):
      let grid = folded(inner)
      return isGrid(grid) ? mapped(grid) { .negation($0) } : expression
    case .power(.matrix(let rows), .variable("T")):
      return .matrix(rows[0].indices.map { column in rows.map { $0[column] } })
    case .sum(let terms):
      let parts = terms.map(folded)
      guard parts.count <= 16, parts.allSatisfy({ isGrid($0) && $0.children.count == parts[0].children.count }) else {
        return expression
      }
      return parts.dropFirst().reduce(parts[0]) { total, next in
        total.replacingChildren(zip(total.children, next.children).map { .sum([$0, $1]) })
      }
    case .relation(let name, let steps):
      return .relation(folded(name), steps.map { .init(relation: $0.relation, right: folded($0.right)) })
    default: return expression
    }
  }

  private static func isGrid(_ expression: MathExpression) -> Bool {
    switch expression {
    case .matrix: true
    case .tuple(_, let brackets): brackets != .square
    default: false
    }
  }

  private static func mapped(
    _ grid: MathExpression, _ change: (MathExpression) -> MathExpression
  ) -> MathExpression {
    grid.replacingChildren(grid.children.map(change))
  }
}
