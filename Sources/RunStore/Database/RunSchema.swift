/// The tables of `run.sqlite`.
///
/// Everything a step leaves behind is keyed by (step, group_index, sample) without row ids, so that a run that was
/// killed and resumed holds the same rows as one that was not. A query is what its row says, to the byte: `queries.digest`
/// is that of the whole row, so that no two queries share a number, whatever their ids. Wall-clock times stand only in `runs.created`,
/// `events.time`, `checkpoints.seconds` and metrics whose unit is seconds.
enum RunSchema {
  /// "SRPO" in ASCII marks the file as a run.
  static let kind = DatabaseKind(
    name: "a run", applicationID: 0x5352_504F, version: 4, tables: tables, upgrades: [RunSchemaUpgrade.fromVersion3])

  private static let tables = """
    CREATE TABLE runs (
      name TEXT PRIMARY KEY, created TEXT NOT NULL, seed INTEGER NOT NULL, code_version TEXT NOT NULL,
      status TEXT NOT NULL, status_detail TEXT, total_steps INTEGER, config TEXT NOT NULL, build TEXT, data_hash TEXT,
      forked_from TEXT);
    CREATE TABLE steps (step INTEGER PRIMARY KEY, groups INTEGER NOT NULL, rollouts INTEGER NOT NULL);
    CREATE TABLE metrics (
      stage TEXT NOT NULL CHECK (stage IN ('cold_start', 'train', 'evaluation')),
      step INTEGER NOT NULL, name TEXT NOT NULL, value REAL,
      PRIMARY KEY (name, stage, step)) WITHOUT ROWID;
    CREATE TABLE queries (
      query INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, domain TEXT NOT NULL, verifier TEXT NOT NULL,
      difficulty REAL, prompt TEXT NOT NULL, reference TEXT NOT NULL, fields TEXT NOT NULL, first_step INTEGER NOT NULL,
      digest TEXT NOT NULL UNIQUE);
    CREATE TABLE groups (
      step INTEGER NOT NULL, group_index INTEGER NOT NULL, query INTEGER NOT NULL REFERENCES queries (query),
      accuracy_on REAL, accuracy_off REAL, delta REAL, right_mode TEXT, contributes INTEGER NOT NULL,
      history_on REAL, history_off REAL, reference_reward REAL,
      PRIMARY KEY (step, group_index)) WITHOUT ROWID;
    CREATE INDEX groups_by_query ON groups (query, step);
    CREATE TABLE rollouts (
      step INTEGER NOT NULL, group_index INTEGER NOT NULL, sample INTEGER NOT NULL, kind TEXT NOT NULL, mode TEXT,
      length INTEGER NOT NULL, truncated INTEGER NOT NULL, invalid_reason TEXT, outcome REAL,
      judge_reward REAL, answer_reward REAL, judge_advantage REAL, gate_advantage REAL, answer_advantage REAL,
      think_on_probability REAL, gate TEXT, judge_tokens INTEGER NOT NULL, gate_tokens INTEGER NOT NULL,
      answer_tokens INTEGER NOT NULL, answer TEXT, reference_divergence REAL, text TEXT NOT NULL,
      PRIMARY KEY (step, group_index, sample)) WITHOUT ROWID;
    CREATE TABLE verdicts (
      step INTEGER NOT NULL, group_index INTEGER NOT NULL, sample INTEGER NOT NULL, verifier TEXT NOT NULL,
      verdict TEXT NOT NULL CHECK (verdict IN ('score', 'abstain', 'failed')), score REAL, extracted TEXT, outcome TEXT,
      reason TEXT, failure TEXT, metrics TEXT,
      PRIMARY KEY (step, group_index, sample, verifier)) WITHOUT ROWID;
    CREATE TABLE segments (
      step INTEGER NOT NULL, group_index INTEGER NOT NULL, sample INTEGER NOT NULL,
      segment TEXT NOT NULL CHECK (segment IN ('judge', 'gate', 'answer')), tokens INTEGER NOT NULL,
      advantage REAL NOT NULL, weight REAL NOT NULL, normaliser INTEGER NOT NULL, importance REAL NOT NULL,
      ratio_min REAL NOT NULL, ratio_max REAL NOT NULL, held INTEGER NOT NULL, surrogate REAL NOT NULL,
      loss REAL NOT NULL,
      PRIMARY KEY (step, group_index, sample, segment)) WITHOUT ROWID;
    CREATE TABLE evaluations (
      step INTEGER NOT NULL, dataset TEXT NOT NULL, cell INTEGER NOT NULL, domain TEXT, difficulty TEXT,
      count INTEGER NOT NULL, accuracy REAL, think_on_rate REAL, mean_length REAL, invalid_rate REAL,
      audited_accuracy REAL, audit_disagreement REAL,
      PRIMARY KEY (step, dataset, cell)) WITHOUT ROWID;
    CREATE TABLE events (
      event INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL, time TEXT NOT NULL);
    CREATE TABLE checkpoints (step INTEGER PRIMARY KEY, folder TEXT NOT NULL, seconds REAL, digest TEXT);
    """
}
