import Testing

@testable import StrictJSON

@Suite struct JSONTests {
  @Test func keepsOrderAndExactIntegers() throws {
    let value = try JSON.parse(#"{"b":12345678901234567890,"a":[1,2.5,-3e2,true,null,"x\n\u00e9\ud83d\ude00"]}"#)
    #expect(value.object?.keys == ["b", "a"])
    #expect(value["b"] == .number(JSONNumber(text: "12345678901234567890")))
    #expect(value["a"]?.array?[2].double == -300)
    #expect(value["a"]?.array?[5].string == "x\né😀")
    #expect(try JSON.parse(value.text()) == value)
    #expect(try JSON.parse(value.text(pretty: true)) == value)
  }

  @Test func readsWhatPeopleWrite() throws {
    let text = """
      // a comment
      { steps: 3, 'name': "x", /* inline */ rate: +.5, list: [1, 2,], hex: 0x1F, whole: 5., }
      """
    let value = try JSON.parse(text, dialect: .json5)
    #expect(value["steps"]?.int == 3)
    #expect(value["rate"]?.double == 0.5)
    #expect(value["list"]?.array?.count == 2)
    #expect(value["hex"]?.int == 31)
    #expect(value["whole"]?.double == 5)
  }

  @Test(arguments: [
    ("{\"a\":1,}", 1, 8, "trailing comma before '}'"),
    ("{\n  \"a\": 1\n  \"b\": 2}", 3, 3, "unexpected '\"', expected ',' or '}'"),
    ("[1, 2", 1, 6, "unexpected end, expected ',' or ']'"),
    ("{\"a\":1,\"a\":2}", 1, 8, "duplicate key \"a\""),
    ("\"abc", 1, 1, "string is not closed"),
    ("01", 1, 1, "number with a leading zero"),
    ("[1] x", 1, 5, "unexpected 'x' after the end of the document"),
    ("nul", 1, 1, "unexpected 'n', expected a value"),
  ])
  func errorsHaveAPlace(text: String, line: Int, column: Int, message: String) {
    #expect(throws: JSONError(line: line, column: column, message: message)) { try JSON.parse(text) }
  }

  /// A sign, a space or a digit that is none does not count among the four of an escape.
  @Test(arguments: [
    #""\u+041""#, #""\u-041""#, #""\u 041""#, #""\u0 41""#, #""\u041""#, #""\u00G1""#, #""\u04_1""#, #""\uD83D\u+E00""#,
    #""\u\u0041""#, #""\u0x41""#,
  ]) func escapesTakeFourDigits(text: String) {
    for dialect in [JSONDialect.strict, .json5] {
      let error = #expect(throws: JSONError.self) { try JSON.parse(text, dialect: dialect) }
      #expect(error?.message == "\\u needs four hexadecimal digits", "\(text)")
    }
  }

  @Test(arguments: [
    ("0x10", 16), ("-0x10", -16), ("+0x10", 16), ("0xffFF", 65_535), ("0x7FFFFFFFFFFFFFFF", Int.max),
    ("-0x7FFFFFFFFFFFFFFF", -Int.max), ("-0x8000000000000000", Int.min), ("-0x0", 0), ("0X1f", 31),
  ]) func hexadecimalNumbersKeepTheirSign(text: String, value: Int) throws {
    #expect(try JSON.parse(text, dialect: .json5).int == value)
  }

  @Test(arguments: ["0x8000000000000000", "-0x8000000000000001", "0x1FFFFFFFFFFFFFFFFF", "0x", "-0x", "0xg", "+-0x1"])
  func hexadecimalNumbersThatAreNoneAreErrors(text: String) {
    #expect(throws: JSONError.self) { try JSON.parse(text, dialect: .json5) }
  }

  @Test func leadingZerosAreNoOctalNumbers() {
    for text in ["01", "-007", "00.5"] { #expect(throws: JSONError.self) { try JSON.parse(text, dialect: .json5) } }
    for text in ["0", "-0", "0.5", ".5", "0e1"] {
      #expect(throws: Never.self) { try JSON.parse(text, dialect: .json5) }
    }
  }

  /// Bytes that are no text are named with their place, wherever they stand.
  @Test(arguments: [
    (Array("{\"a\": \"caf".utf8) + [0xE9] + Array("\"}".utf8), JSONDialect.strict, 11, "0xE9"),
    (Array("[\"x\\n".utf8) + [0xFF] + Array("\"]".utf8), .strict, 6, "0xFF"),
    (Array("[\"".utf8) + [0xE2, 0x82] + Array("\"]".utf8), .strict, 3, "0xE2"),
    (Array("[\"é".utf8) + [0xC0, 0x80] + Array("\"]".utf8), .strict, 5, "0xC0"),
    (Array("{ // gr".utf8) + [0xFC] + Array("n\n}".utf8), .json5, 8, "0xFC"),
    (Array("{ n".utf8) + [0xE4] + Array("me: 1 }".utf8), .json5, 4, "0xE4"),
    (Array("{} /* ".utf8) + [0xED, 0xA0, 0x80] + Array(" */".utf8), .json5, 7, "0xED"),
  ]) func bytesThatAreNoTextAreNamed(bytes: [UInt8], dialect: JSONDialect, column: Int, byte: String) {
    #expect(throws: JSONError(line: 1, column: column, message: "the byte \(byte) is not valid UTF-8")) {
      try JSON.parse(utf8: bytes, dialect: dialect)
    }
  }

  @Test func deepNestingIsAnErrorNotACrash() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError.self) { try JSON.parse(text) }
  }

  @Test func positionsFollowPaths() throws {
    let (_, positions) = try JSON.parseWithPositions("{\n  a: {\n    b: [1,\n 2]}}", dialect: .json5)
    #expect(positions["a.b.1"] == JSONPosition(line: 4, column: 2))
    #expect(positions["a"] == JSONPosition(line: 2, column: 6))
  }

  @Test func arbitraryBytesNeverCrash() {
    var state: UInt64 = 42
    let alphabet = Array("{}[]\",:\\u0123e-+./*' \n\ttrufalsn".utf8)
    for _ in 0..<3000 {
      var bytes: [UInt8] = []
      for _ in 0..<24 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let roll = Int(state >> 33)
        bytes.append(roll % 11 == 0 ? UInt8(truncatingIfNeeded: roll >> 8) : alphabet[roll % alphabet.count])
      }
      _ = try? JSON.parse(utf8: bytes)
      _ = try? JSON.parse(utf8: bytes, dialect: .json5)
    }
  }

  @Test func nearestNameFindsTypos() {
    #expect(nearestName(to: "learnig_rate", in: ["learning_rate", "steps"]) == "learning_rate")
    #expect(nearestName(to: "zebra", in: ["learning_rate", "steps"]) == nil)
  }

  /// What a terminal or an editor would act on is written as an escape, and read back.
  @Test func controlsOfBothSetsAreEscaped() throws {
    for scalar in [0x00, 0x1B, 0x7F, 0x80, 0x9B, 0x9F, 0x61C, 0x200E, 0x2028, 0x202E, 0x2066, 0x2069] {
      let value = JSON.string("a" + String(Character(Unicode.Scalar(scalar)!)) + "b")
      #expect(value.text().utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(String(scalar, radix: 16))")
      #expect(try JSON.parse(value.text()) == value)
    }
    #expect(JSON.string("\u{A0}\u{E9}\u{200B}").text() == "\"\u{A0}\u{E9}\u{200B}\"")
  }
}
