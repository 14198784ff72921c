/// What a response claims: the rules of the other files in their order.
extension ChoiceReading {
  /// The last claim; else the one letter that is called true; else the one that is left when all others are denied.
  func claimed() -> Found {
    if submitsTwice() { return .several }
    let recited = recited()
    let calledTrue = tokens.indices.filter { isCalledTrueAlone($0) }
    let isInTurn = Set(calledTrue.map { tokens[$0].text }).count > 1
    for i in tokens.indices.reversed() where anyLetter(at: i) != nil && !recited.contains(i) && !isOthers(i) {
      // Of several options that are called true in turn none is submitted by that.
      if isInTurn, isCalledTrue(i) { continue }
      let found = claimed(at: i)
      if case .letter(let letter) = found, wavers(at: i, letter) { return .several }
      if found != .none { return found }
    }
    if isInTurn { return .several }
    return (calledTrue.first.map { tokens[$0].text } ?? remaining()).map(Found.letter) ?? .none
  }

  /// Whether some mention of a letter is neither denied nor asked nor supposed.
  func isUndenied(_ letter: String) -> Bool {
    tokens.indices.contains { i in
      anyLetter(at: i) == letter && !isDenied(i) && !isAsked(i) && !isSupposed(i)
    }
  }

  private func isCalledTrueAlone(_ i: Int) -> Bool {
    capital(at: i) != nil && !isPartOfName(i) && isCalledTrue(i) && !isDenied(i)
  }

  /// What is claimed with the letter at `i`: by words right before or behind it, else by its sentence as a whole.
  private func claimed(at i: Int) -> Found {
    let found = isSupposed(i) || isDenied(i) ? .none : announcedOrPraised(at: i)
    return found == .none ? chosen(at: i) : found
  }

  /// The order: a verdict behind the letter, what it is made, praise behind it, an announcement or conclusion before it.
  private func announcedOrPraised(at i: Int) -> Found {
    guard let letter = anyLetter(at: i), !isPartOfName(i), !isCalledFalse(i) else { return .none }
    let isLower = tokens[i].text != letter
    if !isLower, isMadeAnswer(i) { return isLeftOpen(before: i) ? .none : .letter(letter) }
    if !isLower || isBracketed(i), isPraised(after: i) {
      return isLeftOpen(before: i) ? .none : claim(of: letter, at: i)
    }
    guard stands(at: i, isLower: isLower),
      isAnnounced(before: i, isLower: isLower) || isConcluded(before: i, isLower: isLower), !isTakenBack(after: i)
    else { return .none }
    return claim(of: letter, at: i)
  }

  // MARK: - The one that is left

  /// The letter that is left when every other option has been denied and it has not.
  private func remaining() -> String? {
    guard options.letters.count > 2 else { return nil }
    // What is said last of a letter counts: "between C and D … D is out".
    var isOut: [String: Bool] = [:]
    for k in tokens.indices {
      guard let letter = letter(at: k), isMention(k) else { continue }
      isOut[letter] = isDenied(k)
    }
    let left = options.letters.filter { isOut[$0] != true }
    guard left.count == 1 else { return nil }
    return isOut[left[0]] != nil || saysOneIsLeft() ? left[0] : nil
  }

  /// "That leaves only one choice": with the row's options known, the one that is left need not be named.
  private func saysOneIsLeft() -> Bool {
    guard !options.texts.isEmpty, let last = tokens.indices.last(where: { letter(at: $0) != nil }) else { return false }
    let rest = tokens[last...]
    return rest.contains { $0.isOne(of: ChoiceWords.leaving) } && rest.contains { $0.isOne(of: ChoiceWords.onlyOne) }
      && !rest.contains { $0.text == "?" }
  }
}
