import StepSRPO
import Tasks

/// The options by which commands read data files.
enum DataArguments {
  /// How a file's rows are understood.
  static let options: [CommandDescription.Option] = [
    .value("--format", "NAME", "the format of the files, for example gsm8k (default: told by their columns)"),
    .value("--columns", "MAP", "the columns instead: prompt=question,reference=answer,domain=math"),
  ]

  /// The formats, for help texts.
  static let notes: String = {
    let names = DataFormat.allCases.map(\.rawValue).joined(separator: ", ")
    let text = "Formats: \(names); the names of their data sets too (aime24, mmlu_stem, ...)."
    return CommandDescription.wrapped(text, indent: 0) + "\n"
      + CommandDescription.wrapped(
        "Files are JSON lines or one JSON array, plain or gzip. --columns takes prompt, reference, domain, id, "
          + "difficulty and verifier; any other key renames a column, for example choices=options.", indent: 0)
  }()

  /// The reading a command line asks for.
  static func reading(_ arguments: ParsedArguments) throws -> DataFile.Reading {
    let name = arguments.string("--format")
    let columns = arguments.string("--columns")
    guard name == nil || columns == nil else {
      throw arguments.usage("--format and --columns both say how to read; give one of them")
    }
    do {
      if let name { return .format(try DataFormat.named(name)) }
      if let columns { return .columns(try ColumnMapping(parsing: columns)) }
    } catch { throw CommandFailure(code: .usage, description: "\(error)") }
    return .detected
  }

  /// Reads a file and names the rows that cannot be used.
  /// - Throws: `CommandFailure` with code 2 where none can.
  static func read(_ path: String, _ reading: DataFile.Reading, _ console: Console) throws -> DataFile {
    let file: DataFile
    do { file = try DataFile.read(path, reading) } catch {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    for error in file.rejected.prefix(5) { console.note("left out    \(error)") }
    if file.rejected.count > 5 {
      console.note(
        "left out    \(file.rejected.count) rows of \(path) in all; `step-srpo data stats` lists the reasons")
    }
    return file
  }
}
