import AutoThink
import StepSRPO
import Tasks
import Testing

@testable import ColdStart

@Suite struct DualRegimeDataTests {
  private func data(_ change: (inout ColdStartSection) -> Void = { _ in }) throws -> DualRegimeData {
    var options = ColdStartSection()
    options.batchSize = 40
    change(&options)
    let primer = try Primer(PrimerOptions(seed: 5, levelWeights: options.levelWeights))
    return DualRegimeData(suite: primer, options: options, seed: 5)
  }

  private func thinkOn(_ demonstrations: [Demonstration], level: Int) -> Double {
    let rows = demonstrations.filter { $0.item.fields["level"]?.int == level }
    return Double(rows.count { $0.response.mode == .on }) / Double(rows.count)
  }

  @Test func modesFollowTheShares() throws {
    let data = try data { $0.randomModeShare = 0 }
    let rows = (1...60).flatMap { data.batch(step: $0) }
    #expect(abs(thinkOn(rows, level: 1) - ColdStartSection().thinkOnShare[0]) < 0.06)
    #expect(thinkOn(rows, level: 6) == 1)
  }

  @Test func someModesAreRandom() throws {
    let data = try data {
      $0.randomModeShare = 1
      $0.thinkOnShare = [1]
    }
    let rows = (1...60).flatMap { data.batch(step: $0) }
    let on = Double(rows.count { $0.response.mode == .on }) / Double(rows.count)
    #expect(abs(on - 0.5) < 0.05)
  }

  @Test func givenModesStandBesideTheChosenOnes() throws {
    let data = try data {
      $0.randomModeShare = 0
      $0.thinkOnShare = [1]
      $0.givenOffShare = [0.4, 0.4]
    }
    let rows = (1...60).flatMap { data.batch(step: $0) }
    #expect(abs(thinkOn(rows, level: 1) - 0.6) < 0.06)
    #expect(thinkOn(rows, level: 3) == 1, "levels beyond the list have none")
    #expect(rows.allSatisfy { $0.modeIsGiven == ($0.response.mode == .off) })
  }

  @Test func aDomainMayHaveItsOwnLists() throws {
    var configuration = RunConfiguration()
    configuration.tasks.trainQueries = 24
    configuration.coldStart.batchSize = 40
    configuration.coldStart.thinkOnShare = [1]
    configuration.coldStart.randomModeShare = 0
    configuration.coldStart.levelWeights = [1, 1]
    configuration.coldStart.givenOffShare = [0.5]
    configuration.coldStart.byDomain.general.levelWeights = [0, 0, 0, 6]
    configuration.coldStart.byDomain.general.givenOffShare = [0, 0, 0, 1]
    configuration.coldStart.byDomain.code.givenOffShare = [0, 1]
    let data = try PipelineData(configuration)
    let rows = (1...40).flatMap { data.demonstrations($0) }
    let general = rows.filter { $0.item.domain == .general }
    #expect(general.allSatisfy { $0.item.fields["level"] == .int(4) && $0.modeIsGiven && $0.response.mode == .off })
    #expect(abs(Double(general.count) / Double(rows.count) - 0.5) < 0.05, "weights are relative to all domains'")
    #expect(thinkOn(rows.filter { $0.item.domain == .code }, level: 1) == 1)
    #expect(thinkOn(rows.filter { $0.item.domain == .code }, level: 2) == 0)
    let others = rows.filter { $0.item.domain == .math || $0.item.domain == .science }
    #expect(abs(thinkOn(others, level: 1) - 0.5) < 0.1 && thinkOn(others, level: 2) == 1)
  }

  @Test func stepsAreAFunctionOfTheSeed() throws {
    let data = try data()
    #expect(data.batch(step: 3) == data.batch(step: 3))
    #expect(data.batch(step: 3) != data.batch(step: 4))
    #expect(data.batch(step: 2).count == 40)
  }

  @Test func tracesAreForTheTrainingSplit() throws {
    for demonstration in try data().batch(step: 1) {
      #expect(try Primer.split(of: demonstration.item) == .train)
    }
  }
}
