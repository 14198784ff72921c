import StrictJSON

/// The checked header of a safetensors file.
struct SafeTensorsHeader {
  var names: [String] = []
  var entries: [String: SafeTensorsFile.Entry] = [:]
  var metadata: [String: String] = [:]

  init(utf8: [UInt8], file: String, dataBytes: Int, dataStart: Int) throws {
    let json: JSON
    do {
      json = try JSON.parse(utf8: utf8)
    } catch {
      throw SafeTensorsError.header(file: file, reason: "the header is not JSON: \(error)")
    }
    guard let object = json.object else {
      throw SafeTensorsError.header(file: file, reason: "the header is \(json.kind), expected an object")
    }
    for (name, value) in object.pairs {
      if name == "__metadata__" {
        guard let pairs = value.object else {
          throw SafeTensorsError.header(file: file, reason: "__metadata__ is \(value.kind), expected an object")
        }
        for (key, text) in pairs.pairs { metadata[key] = text.string }
        continue
      }
      guard entries[name] == nil else {
        throw SafeTensorsError.entry(
          file: file, tensor: name, reason: "two tensors have this name, in two spellings of Unicode")
      }
      names.append(name)
      entries[name] = try Self.entry(value, name: name, file: file, dataBytes: dataBytes, dataStart: dataStart)
    }
    try rejectOverlaps(file: file)
  }

  private static func entry(
    _ value: JSON, name: String, file: String, dataBytes: Int, dataStart: Int
  ) throws -> SafeTensorsFile.Entry {
    func bad(_ reason: String) -> SafeTensorsError { .entry(file: file, tensor: name, reason: reason) }
    guard let type = value["dtype"]?.string else { throw bad("no \"dtype\"") }
    guard let element = SafeTensorsFile.Element(rawValue: type) else { throw bad("unknown dtype \"\(type)\"") }
    guard let dimensions = value["shape"]?.array else { throw bad("no \"shape\"") }
    var shape: [Int] = []
    var bytes = element.size
    for dimension in dimensions {
      guard let extent = dimension.int, extent >= 0 else { throw bad("a dimension of \(dimension.text())") }
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw bad("its shape has more elements than fit in memory") }
      bytes = product
      shape.append(extent)
    }
    guard let offsets = value["data_offsets"]?.array, offsets.count == 2, let begin = offsets[0].int,
      let end = offsets[1].int, begin >= 0, begin <= end
    else { throw bad("\"data_offsets\" is not [begin, end]") }
    guard end - begin == bytes else {
      throw bad("its data has \(end - begin) bytes, shape \(shape) of \(type) needs \(bytes)")
    }
    guard end <= dataBytes else {
      // No file was ever that long, so nothing is missing: the number is wrong.
      guard end < 1 << 50 else {
        throw bad("its \"data_offsets\" end at \(end), expected at most the file's \(dataBytes) bytes of data")
      }
      throw SafeTensorsError.truncated(file: file, found: dataStart + dataBytes, expected: dataStart + end)
    }
    return SafeTensorsFile.Entry(element: element, shape: shape, bytes: begin..<end)
  }

  private func rejectOverlaps(file: String) throws {
    let ordered = names.compactMap { name in entries[name].map { (name, $0.bytes) } }
      .filter { !$0.1.isEmpty }.sorted { $0.1.lowerBound < $1.1.lowerBound }
    for (a, b) in zip(ordered, ordered.dropFirst()) where b.1.lowerBound < a.1.upperBound {
      throw SafeTensorsError.entry(file: file, tensor: b.0, reason: "its bytes overlap those of \"\(a.0)\"")
    }
  }
}
