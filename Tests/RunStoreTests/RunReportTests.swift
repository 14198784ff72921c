import Foundation
import StepSRPO
import StrictJSON
import Testing

@testable import RunStore

@Suite struct RunReportTests {
  let folder = TemporaryFolder()

  static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static let attack = "</script><script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"

  /// A run whose responses try to become part of the page.
  private func run(_ name: String) throws -> RunFolder {
    let recorder = try RunFixture.newRecorder(name, in: folder)
    _ = try recorder.observe(.evaluation(RunFixture.evaluation(0)))
    for step in 1...3 {
      let report = RunFixture.step(step)
      let groups = report.groups.map { group in
        var group = group
        group.item.prompt += Self.attack
        for index in group.rollouts.indices { group.rollouts[index].text += Self.attack }
        return group
      }
      _ = try recorder.observe(
        .step(StepReport(step: step, totalSteps: 3, metrics: report.metrics, groups: groups)))
    }
    _ = try recorder.observe(.warning(Self.attack))
    try recorder.setStatus(.completed, detail: Self.attack)
    return recorder.folder
  }

  @Test func nothingOfARunIsMarkup() throws {
    let html = try RunReport.html(of: [run("one")])
    #expect(html.components(separatedBy: "<script").count == 3)
    #expect(html.components(separatedBy: "</script>").count == 3)
    #expect(!html.contains("<img"))
    // The one address is the name of the SVG namespace, which nobody loads.
    #expect(html.components(separatedBy: "http").count - 1 == 2 && html.contains("http-equiv"))
    let start = try #require(html.range(of: "id=\"data\">"))
    let end = try #require(html.range(of: "</script>"))
    let data = try JSON.parse(String(html[start.upperBound..<end.lowerBound]))
    let one = try #require(data["runs"]?.array?.first)
    #expect(one["metrics"]?["accuracy"]?.array?.count == 3)
    #expect(one["samples"]?.array?.count == 24)
    #expect(one["samples"]?.array?.first?["text"]?.string?.hasSuffix(Self.attack) == true)
    #expect(data["definitions"]?["accuracy/math/1"]?["unit"] == "ratio")
  }

  @Test func longSeriesAreAveraged() {
    let points = (0..<2500).map { MetricPoint(step: $0, value: $0 < 1250 ? 1 : 3) }
    let thin = ReportData.thinned(points)
    #expect(thin.count == ReportData.maximumPoints)
    #expect(thin.first?.value == 1 && thin.last?.value == 3)
    #expect(zip(thin, thin.dropFirst()).allSatisfy { $0.step < $1.step })
    #expect(ReportData.thinned(Array(points.prefix(5))) == Array(points.prefix(5)))
  }

  @Test func theObserverKeepsThePageFresh() throws {
    let recorder = try RunFixture.newRecorder("live", in: folder)
    var complaints: [String] = []
    let observer = ReportObserver(recorder.folder, interval: 3) { complaints.append($0) }
    for step in 2...3 {
      let event = TrainingEvent.step(RunFixture.step(step))
      _ = try recorder.observe(event)
      #expect(observer.observe(event) == .continue)
      #expect(FileManager.default.fileExists(atPath: recorder.folder.reportPath) == (step == 3))
    }
    #expect(complaints.isEmpty)
    #expect(try String(contentsOfFile: recorder.folder.reportPath, encoding: .utf8).contains("data-running=\"true\""))
    #expect(throws: RunStoreError.self) { try RunReport.write([recorder.folder], to: folder.path + "/no/where.html") }
  }

  /// What the page's own script makes of it, by a script put at its end that plays the reader.
  @Test(.enabled(if: chromium != nil, "no Chromium on this machine")) func thePageWorksInABrowser() throws {
    var html = try RunReport.html(of: [run("one"), run("two")])
    let reader = #"""
      <script>
      const drawn = () => document.querySelectorAll(".chart svg path.line, .chart svg path.area").length;
      const picked = (id, value) => { const s = document.getElementById(id); s.value = value;
        s.dispatchEvent(new Event("change")); return document.getElementById("sample-count").textContent; };
      const result = { errors, title: document.title, images: document.images.length,
        charts: drawn(), areas: document.querySelectorAll("path.area").length,
        captions: [...document.querySelectorAll(".caption")].map((c) => c.textContent.slice(0, 8)).join(),
        broken: [...document.querySelectorAll("path")].filter((p) => p.getAttribute("d").includes("NaN")).length,
        objects: document.body.innerText.includes("[object"),
        wide: document.documentElement.scrollWidth > innerWidth, last: document.getElementById("sample-count").textContent };
      result.invalid = picked("filter-mode", "invalid");
      result.anyStep = picked("filter-step", "");
      const box = document.querySelector(".chart svg").getBoundingClientRect();
      document.querySelector(".chart svg").dispatchEvent(
        new PointerEvent("pointermove", { clientX: box.left + box.width / 2, clientY: box.top + 20, bubbles: true }));
      result.tip = document.getElementById("tip").innerText;
      const before = drawn();
      document.querySelector(".legend button").click();
      result.hidden = before - drawn();
      const slider = document.getElementById("smooth");
      slider.value = "3";
      slider.dispatchEvent(new Event("input"));
      result.raw = document.querySelectorAll("path.raw").length > 0;
      result.findings = document.querySelectorAll(".finding").length;
      result.arithmetic = document.querySelectorAll("table.arithmetic").length > 0;
      document.title = "RESULT" + JSON.stringify(result);
      </script>
      """#
    // Listens before the page's own script runs.
    let listener = #"""
      <script>
      const errors = [];
      addEventListener("error", (event) => errors.push(event.message));
      addEventListener("securitypolicyviolation", (event) => errors.push("policy: " + event.violatedDirective));
      console.error = (...words) => errors.push(words.join(" "));
      console.warn = console.error;
      </script>
      """#
    // The page runs its own script and these two; the third, which nobody announced, is what an injection would be.
    let injected = "<script>document.body.dataset.injected = 'yes'</script>"
    let announced = [listener, reader].map { text in
      "'\(RunReport.source(of: String(text.dropFirst("<script>".count).dropLast("</script>".count))))'"
    }
    html = html.replacing("<style>", with: listener + "<style>").replacing(
      "</body>", with: injected + reader + "</body>"
    )
    .replacing("script-src ", with: "script-src \(announced.joined(separator: " ")) ")
    let path = folder.path + "/page.html"
    try html.write(toFile: path, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.chromium))
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1100,900",
      "--user-data-dir=\(folder.path)/profile", "--dump-dom",
      "file://\(path)",
    ]
    try Data().write(to: URL(fileURLWithPath: folder.path + "/dom"))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/dom"))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let dom = try String(contentsOfFile: folder.path + "/dom", encoding: .utf8)
    let start = try #require(dom.range(of: "<title>RESULT"))
    let end = try #require(dom.range(of: "</title>"))
    let text = String(dom[start.upperBound..<end.lowerBound]).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
    let result = try JSON.parse(text.replacing("&amp;", with: "&"))
    #expect(result["errors"] == [])
    #expect(!dom.contains("data-injected"), "a script that nobody announced was run")
    #expect(result["title"]?.string?.hasPrefix("one, two") == true)
    #expect(result["images"] == 0)
    #expect((result["charts"]?.int ?? 0) >= 12)
    #expect((result["areas"]?.int ?? 0) >= 4)
    #expect(result["captions"] == "Figure 5,Figure 5,Figure 6,Figure 7,Figure 8")
    #expect(result["broken"] == 0 && result["wide"] == false && result["objects"] == false && result["raw"] == true)
    #expect((result["findings"]?.int ?? 0) > 0 && result["arithmetic"] == true)
    #expect(result["last"] == "16 of 48")
    #expect(result["invalid"] == "4 of 48")
    #expect(result["anyStep"] == "12 of 48")
    #expect(result["tip"]?.string?.hasPrefix("step 2") == true)
    #expect(result["hidden"] == 1)
  }
}
