import Foundation
import Testing

@testable import TensorCore

struct SafeTensorsTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func file(_ folder: String, header: String, data: [UInt8] = [], length: UInt64? = nil) -> String {
    let path = folder + "/model.safetensors"
    var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + data
    #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
    return path
  }

  @Test("what is written is read back: F32 exactly, BF16 rounded, with order, shapes and metadata")
  func roundTrip() throws {
    try withFolder { folder in
      let a = Tensor([2, 3], values: [1, -2, 3.5, 0, 3e38, 1e-30])
      let b = Tensor([], values: [7])
      let c = Tensor([0, 4])
      for storage in [SafeTensorsWriter.Storage.f32, .bf16] {
        let path = folder + "/model.safetensors"
        try SafeTensorsWriter.write(
          [("z.weight", a), ("scalar", b), ("empty", c)], to: path, storage: storage, metadata: ["format": "pt"])
        let file = try SafeTensorsFile(path: path)
        #expect(file.names == ["z.weight", "scalar", "empty"])
        #expect(file.metadata == ["format": "pt"])
        let read = try file.tensor("z.weight", shape: [2, 3])
        for (got, want) in zip(read.values, a.values) {
          #expect(storage == .f32 ? got == want : got == want || abs(got - want) <= abs(want) / 256)
        }
        #expect(try file.tensor("scalar").values == [7])
        #expect(try file.tensor("empty").shape == [0, 4])
        #expect(throws: SafeTensorsError.shape(file: path, tensor: "scalar", found: [], expected: [1])) {
          try file.tensor("scalar", shape: [1])
        }
        #expect(throws: SafeTensorsError.missing(file: path, tensor: "q")) { try file.tensor("q") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
      }
    }
  }

  @Test("a file of another writer: unaligned data, F16 and F64, unknown keys")
  func foreign() throws {
    try withFolder { folder in
      let header =
        #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"d":{"dtype":"F64","shape":[1],"data_offsets":[4,12]},"i":{"dtype":"I64","shape":[1],"data_offsets":[12,20]}}"#
      var data: [UInt8] = [0x00, 0x3c, 0x00, 0xc1]
      data += withUnsafeBytes(of: 0.25.bitPattern.littleEndian) { Array($0) } + [UInt8](repeating: 0, count: 8)
      let path = file(folder, header: header, data: data)
      let opened = try SafeTensorsFile(path: path)
      #expect(try opened.tensor("h").values == [1, -2.5])
      #expect(try opened.tensor("d").values == [0.25])
      #expect(throws: SafeTensorsError.self) { try opened.tensor("i") }
    }
  }

  @Test(
    "hostile files give typed errors",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "truncated"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 8, "needs 8"),
      (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "dimension"),
      (#"{"a":{"dtype":"F32","shape":[9e18,9],"data_offsets":[0,8]}}"#, 8, "dimension"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, 8, "more elements"),
      (#"{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#, 8, "F99"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "begin, end"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775807]}}"#, 8, "needs 8"),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}"#, 8,
        "at most the file's 8"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036853775807,9223372036853775815]}}"#, 8,
        "at most the file's 8"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[1125899906842616,1125899906842624]}}"#, 8,
        "at most the file's 8"
      ),
      (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8, "dtype"),
      (
        #"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
        8, "overlap"
      ),
      (#"[1,2]"#, 0, "expected an object"),
      (#"{"a":"#, 0, "not JSON"),
      (#"{"a":3}"#, 0, "dtype"),
      (#"{"__metadata__":3}"#, 0, "__metadata__"),
    ])
  func hostile(header: String, dataBytes: Int, says: String) throws {
    try withFolder { folder in
      let path = file(folder, header: header, data: [UInt8](repeating: 0, count: dataBytes))
      let error = #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(path: path) }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains(says) && text.contains(path), "\(text)")
    }
  }

  @Test("what is no number is named", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    try withFolder { folder in
      let path = folder + "/x.safetensors"
      // In the last of three chunks, so that no thread's part is looked at alone.
      let tensor = Tensor([700, 1000])
      tensor.data[699_999] = value
      for storage in [SafeTensorsWriter.Storage.f32, .bf16] {
        try SafeTensorsWriter.write(
          [("a", tensor), ("b", Tensor([3], values: [0, -0.0, 3.4e38]))], to: path, storage: storage)
        let file = try SafeTensorsFile(path: path)
        let error = #expect(throws: SafeTensorsError.self) { try file.tensor("a") }
        #expect(error.map { "\($0)".contains("\"a\": element 699999 is \(value)") } == true)
        if storage == .f32 { #expect(try file.tensor("b").count == 3) }
      }
    }
  }

  @Test("a pipe in a file's place is not waited for")
  func pipes() throws {
    try withFolder { folder in
      #expect(mkfifo(folder + "/model.safetensors", 0o644) == 0)
      let error = #expect(throws: SafeTensorsError.self) { try SafeTensorsFolder(path: folder) }
      #expect(error.map { "\($0)".contains("is a named pipe, expected a regular file") } == true)
    }
  }

  @Test("bad lengths, missing files, directories")
  func lengths() throws {
    try withFolder { folder in
      #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(path: folder + "/none") }
      #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(path: folder) }
      for length in [UInt64.max, 1 << 62, 200_000_000, 1000] {
        let path = file(folder, header: "{}", length: length)
        #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(path: path) }
      }
      #expect(FileManager.default.createFile(atPath: folder + "/short", contents: Data([1, 2, 3])))
      #expect(throws: SafeTensorsError.truncated(file: folder + "/short", found: 3, expected: 8)) {
        try SafeTensorsFile(path: folder + "/short")
      }
      #expect(throws: SafeTensorsError.self) {
        try SafeTensorsWriter.write([("a", Tensor([1]))], to: folder + "/no/such/folder/x")
      }
    }
  }

  @Test("sharded checkpoints by their index")
  func shards() throws {
    try withFolder { folder in
      try SafeTensorsWriter.write([("a", Tensor([1], values: [1]))], to: folder + "/m-1.safetensors")
      try SafeTensorsWriter.write([("b", Tensor([1], values: [2]))], to: folder + "/m-2.safetensors")
      func index(_ map: String) {
        let text = #"{"metadata":{"total_size":8},"weight_map":"# + map + "}"
        let path = folder + "/model.safetensors.index.json"
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
      }
      index(#"{"b":"m-2.safetensors","a":"m-1.safetensors"}"#)
      let model = try SafeTensorsFolder(path: folder)
      #expect(model.names == ["b", "a"] && model.contains("a") && !model.contains("c"))
      #expect(try model.tensor("a").values == [1] && model.tensor("b").values == [2])
      #expect(throws: SafeTensorsError.missing(file: folder, tensor: "c")) { try model.tensor("c") }
      for bad in [
        #"{"a":"m-2.safetensors"}"#, #"{"a":"../m-1.safetensors"}"#, #"{"a":3}"#, #"{"a":"m-3.safetensors"}"#,
      ] {
        index(bad)
        #expect(throws: SafeTensorsError.self) { try SafeTensorsFolder(path: folder) }
      }
    }
  }
}
