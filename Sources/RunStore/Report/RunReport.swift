import Digests
import Foundation
import StepSRPO
import StrictJSON

/// The report of one or more runs: one HTML file that needs no network and no other file.
public enum RunReport {
  /// The page. Everything from the runs reaches it as JSON that the page's script shows as text, never as markup, and
  /// a content security policy forbids the page to load anything.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  public static func html(of runs: [RunFolder]) throws -> String {
    let data = try ReportData.json(of: runs)
    let isRunning = data["runs"]?.array?.contains { $0["state"] == "running" } ?? false
    return page(data: scriptSafe(data.text()), title: runs.map(\.name).joined(separator: ", "), isRunning: isRunning)
  }

  /// Writes the report; a reader never sees half of it.
  /// - Returns: the path, `runs/NAME/report.html` of the first run unless another is given.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  @discardableResult
  public static func write(_ runs: [RunFolder], to path: String? = nil) throws -> String {
    let path = path ?? runs.first?.reportPath ?? "report.html"
    try FileSystem.write(Array(html(of: runs).utf8), to: path)
    return path
  }

  /// No `<` stays in the data, so none of it can end the script element it stands in.
  static func scriptSafe(_ json: String) -> String {
    json.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e").replacing("&", with: "\\u0026")
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// The page's one script.
  private static let script = """

    "use strict";
    \(scriptBasics)
    \(scriptChart)
    \(scriptTables)
    \(scriptSamples)
    \(scriptPage)

    """

  /// What the page may do: run the very script it came with, by its hash, and nothing else. A script that got into the page in
  /// spite of all escaping would not be run.
  private static let policy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src '\(source(of: script))'"

  /// The name of a script in a content security policy: `sha256-` and the base64 of its digest.
  static func source(of script: String) -> String {
    var hash = SHA256()
    var script = script
    script.withUTF8 { hash.add(bytes: UnsafeRawBufferPointer($0)) }
    return "sha256-" + Data(hash.digest.bytes).base64EncodedString()
  }

  private static func page(data: String, title: String, isRunning: Bool) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title)) - Step-SRPO</title>
    <style>
    \(style)
    </style>
    </head>
    <body data-running="\(isRunning)">
    <main id="page"><noscript>The charts of this page are drawn by its script, which is switched off.</noscript></main>
    <div id="tip" hidden></div>
    <script type="application/json" id="data">\(data)</script>
    <script>\(script)</script>
    </body>
    </html>

    """
  }
}
