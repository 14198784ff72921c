import Foundation
import StepSRPO
import StrictJSON

/// What the report page shows, as JSON.
enum ReportData {
  /// Points of a metric beyond this are averaged in equal shares; a screen has no more columns.
  static let maximumPoints = 1000
  /// Steps whose responses can be looked at, the first and the last among them.
  static let sampledSteps = 9
  /// The newest of these steps, whose responses come with their arithmetic.
  static let explainedSteps = 2
  /// Responses of each such step.
  static let samplesPerStep = 48
  /// Characters of a response; what follows is left to `step-srpo samples`.
  static let maximumCharacters = 20_000

  static func json(of folders: [RunFolder]) throws -> JSON {
    var definitions = JSONObject()
    let runs = try folders.map { folder -> JSON in
      let reader = try RunReader(folder)
      for name in try reader.metricNames() { definitions[name] = definition(name) }
      return try run(reader)
    }
    let written = Date.now.formatted(.iso8601)
    return ["runs": .array(runs), "definitions": .object(definitions), "written": .string(written)]
  }

  private static func definition(_ name: String) -> JSON {
    guard let found = MetricRegistry.definition(of: name) else { return ["unit": "1", "over": "", "meaning": ""] }
    return ["unit": .string(found.unit), "over": .string(found.denominator), "meaning": .string(found.meaning)]
  }

  private static func run(_ reader: RunReader) throws -> JSON {
    let summary = try RunSummary(reader.folder)
    let info = summary.info
    let metrics = try reader.metricNames().map { name in
      (name, JSON.array(thinned(try reader.series(name)).map { .array([.int($0.step), .double($0.value)]) }))
    }
    let events = try reader.events().suffix(200).map { event -> JSON in
      [
        "step": .int(event.step), "kind": .string(event.kind), "message": .string(event.message),
        "time": .string(event.time),
      ]
    }
    return [
      "name": .string(info.name), "state": .string(summary.state), "created": .string(info.created),
      "detail": info.statusDetail.map { .string($0) } ?? .null, "seed": .int(info.seed),
      "code": .string(info.codeVersion), "step": .int(summary.step),
      "total": info.totalSteps.map { .int($0) } ?? .null, "config": (try? JSON.parse(info.config)) ?? .null,
      "findings": .array(try Doctor(reader).findings().map(\.json)), "events": .array(events),
      "metrics": .object(JSONObject(metrics)),
      "evaluations": .array(try reader.evaluations().map(evaluation)), "samples": .array(try samples(reader)),
    ]
  }

  static func thinned(_ points: [MetricPoint]) -> [MetricPoint] {
    guard points.count > maximumPoints else { return points }
    return (0..<maximumPoints).map { share in
      let slice = points[share * points.count / maximumPoints..<(share + 1) * points.count / maximumPoints]
      let finite = slice.map(\.value).filter(\.isFinite)
      let mean = finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
      return MetricPoint(step: slice[slice.startIndex + slice.count / 2].step, value: mean)
    }
  }

  private static func evaluation(_ report: EvaluationReport) -> JSON {
    func json(_ cell: EvaluationCell) -> JSON {
      [
        "domain": cell.domain.map { .string($0) } ?? .null, "difficulty": cell.difficulty.map { .string($0) } ?? .null,
        "count": .int(cell.count), "accuracy": cell.accuracy.map { .double($0) } ?? .null,
        "thinkOn": cell.thinkOnRate.map { .double($0) } ?? .null,
        "length": cell.meanLength.map { .double($0) } ?? .null,
        "invalid": cell.invalidRate.map { .double($0) } ?? .null,
      ]
    }
    return [
      "step": .int(report.step), "dataset": .string(report.dataset), "total": json(report.total),
      "cells": .array(report.cells.map(json)),
    ]
  }

  private static func arithmetic(_ line: ArithmeticLine) -> JSON {
    [
      .string(line.stage), .string(line.symbol), line.value.map { .double($0) } ?? .null, .string(line.text),
      line.agrees.map { .bool($0) } ?? .null,
    ]
  }

  private static func samples(_ reader: RunReader) throws -> [JSON] {
    let steps = try reader.database.rows("SELECT step FROM steps ORDER BY step").compactMap { $0[0].int }
    guard let last = steps.indices.last else { return [] }
    let count = min(sampledSteps, steps.count)
    let chosen = Set((0..<count).map { steps[count > 1 ? $0 * last / (count - 1) : last] }).sorted()
    let configuration = try? ConfigurationFile(
      resolved: reader.config().text(), source: reader.folder.databasePath
    ).configuration
    var samples: [JSON] = []
    for step in chosen {
      let explained = configuration != nil && chosen.suffix(explainedSteps).contains(step)
      let groups = explained ? try reader.groups(step: step) : []
      let loss = explained ? try reader.series(Metric.loss.name, stage: .train).first { $0.step == step }?.value : nil
      try reader.forEachRollout(RolloutFilter(step: step, limit: samplesPerStep)) { rollout in
        var values = rollout.values
        for column in ["text", "prompt"] {
          if let text = rollout[column].string, text.count > maximumCharacters {
            values[column] = .string(text.prefix(maximumCharacters) + " […]")
          }
        }
        if let configuration, let group = rollout["group"].int, let sample = rollout["sample"].int,
          groups.indices.contains(group), groups[group].rollouts.indices.contains(sample)
        {
          let explanation = Explanation(
            id: rollout.id, configuration, groups, group: group, sample: sample, loss: loss)
          values["arithmetic"] = .array(explanation.lines.map(arithmetic))
        }
        samples.append(.object(values))
      }
    }
    return samples
  }
}
