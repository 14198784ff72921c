import Tasks

/// A whole run: what a configuration file may say, with every default.
///
/// Keys in the file are the property names in snake case. `ConfigurationFile` overlays a file on these defaults, so a
/// key that is not a property here is an error there.
public struct RunConfiguration: Codable, Sendable, Equatable {
  /// The name of the run and of its folder; empty takes the file's name.
  public var name = ""
  /// The folder that holds the runs.
  public var runsFolder = "runs"
  /// The seed of every random stream of the run.
  public var seed = 1
  /// The policy.
  public var model = ModelSection()
  /// What is asked.
  public var tasks = TaskSection()
  /// The supervised stage before reinforcement.
  public var coldStart = ColdStartSection()
  /// How responses are sampled.
  public var rollout = RolloutSection()
  /// Rewards, advantages and losses.
  public var algorithm = AlgorithmSection()
  /// The optimizer and the number of steps.
  public var train = TrainSection()
  /// Which queries rest.
  public var resampling = ResamplingSection()
  /// Held-out measurements.
  public var evaluation = EvaluationSection()
  /// What is kept on disk.
  public var checkpoint = CheckpointSection()
  /// What else is written while the run goes on.
  public var output = OutputSection()
  /// Verification.
  public var verification = VerificationSection()
  /// When the run stops by itself.
  public var limits = LimitsSection()

  /// The defaults.
  public init() {}
}

/// Where the queries come from.
public struct TaskSection: Codable, Sendable, Equatable {
  /// The built-in suites.
  public enum Suite: String, ConfigurationChoice {
    /// Single queries in four domains on six levels.
    case primer
    /// Conversations with a key-value store as a tool, in which the right mode changes from turn to turn.
    case tools
  }

  /// What becomes of rows whose prompt leaves too little room for a response; see ``PromptRoom``.
  public enum TooLong: String, ConfigurationChoice {
    /// The run is refused, with the rows.
    case refuse
    /// They are left out, said and counted.
    case drop
  }

  /// Task files (JSON lines) to train on; empty uses the built-in suite `primer`.
  public var trainFiles: [String] = []
  /// Task files to evaluate on; empty uses the test split of `primer`.
  public var testFiles: [String] = []
  /// The built-in suite: of training where there are no files, and of the cold start.
  public var suite = Suite.primer
  /// The share of the suite's queries in which the user asks for a mode ("do not think"). What users ask for is the right
  /// mode, whatever the evidence.
  public var intentShare = 0.0
  /// Domains of `primer`.
  public var domains: [Domain] = Domain.allCases
  /// Relative share of each level of `primer`, easiest first: the mix is biased to hard with an easy share, as the
  /// report asks.
  public var levelWeights: [Double] = [1, 1, 1, 1, 1, 1]
  /// Number of `primer` queries to draw the training pool from.
  public var trainQueries = 4096
  /// How often the queries of the pool are asked, where there are no stages.
  public var mix = MixSection()
  /// Stages, each with a mix of its own; empty is one stage.
  public var stages: [StageSection] = []
  /// What becomes of rows, to train on or held out, whose prompt leaves too little room for a response in the model's
  /// positions: fewer tokens than think-off may take (`rollout.off_budget`) and than 16, or than
  /// `rollout.max_new_tokens` where that is less. A response may be cut where its prompt is long; one that never had a
  /// chance teaches nothing.
  public var tooLong = TooLong.refuse

  /// The defaults.
  public init() {}
}

/// Sampling of a group: free rollouts, then probes.
public struct RolloutSection: Codable, Sendable, Equatable {
  /// Queries per step.
  public var queriesPerStep = 24
  /// G_free, rollouts per query in which the policy chooses its mode.
  public var freeRollouts = 8
  /// n_min: a mode with fewer rollouts is topped up with probes; 0 switches probes off.
  public var minimumPerMode = 4
  /// Rollouts per query and mode with a forced gate, beside the free ones: the plan of AdaptThink and HGPO.
  public var forcedPerMode = 0
  /// Dynamic sampling: most rounds in which queries are asked until `queries_per_step` groups have both right and wrong
  /// answers; 1 takes the groups as they come.
  public var samplingRounds = 1
  /// Sampling temperature.
  public var temperature = 1.0
  /// Nucleus mass; 1 samples from the full distribution, which the importance weights assume.
  public var topP = 1.0
  /// Most tokens of a response.
  public var maxNewTokens = 192
  /// Most tokens after `<think_off>`, so that reasoning cannot leak into the answer; 0 means a quarter of
  /// `max_new_tokens`.
  public var offBudget = 0
  /// Sampling threads. Their number never changes a result.
  public var workers = 2
  /// Rows decoded together by one worker. It never changes a result either.
  public var batchSize = 32
  /// How weights are stored for sampling. Below 32 bits the sampler's log-probs differ from the trainer's; truncated
  /// importance weights (`algorithm.importance_cap`) correct for it, and `sampling/logp_difference` reports it.
  public var weightPrecision = WeightPrecision.f32

  /// The storages.
  public enum WeightPrecision: String, ConfigurationChoice {
    /// Exact.
    case f32
    /// bfloat16, rounded to nearest.
    case bf16
    /// 8-bit integers with a scale for each output.
    case int8
  }

  /// The defaults.
  public init() {}
}

/// The optimizers.
public enum OptimizerChoice: String, ConfigurationChoice {
  /// AdamW for every parameter.
  case adamw
  /// Muon for the matrices of hidden layers, AdamW for the rest. A learning rate means the same to both.
  case muon
}

/// The optimizer.
public struct TrainSection: Codable, Sendable, Equatable {
  /// Reinforcement steps.
  public var steps = 100
  /// What moves the weights.
  public var optimizer = OptimizerChoice.adamw
  /// Peak learning rate.
  public var learningRate = 1e-3
  /// How the learning rate goes on after its warm-up.
  public var schedule = Schedule.constant
  /// Steps of linear warm-up.
  public var warmupSteps = 5
  /// Updates made from one step's rollouts; with more than one, old log-probs are recomputed first.
  public var minibatches = 1
  /// AdamW's beta1.
  public var beta1 = 0.9
  /// AdamW's beta2.
  public var beta2 = 0.95
  /// AdamW's epsilon.
  public var epsilon = 1e-8
  /// Decoupled weight decay of matrices.
  public var weightDecay = 0.0
  /// Muon's momentum.
  public var muonMomentum = 0.95
  /// The gradient's global norm is clipped to this.
  public var maxGradNorm = 1.0
  /// Packed tokens in one forward and backward pass; gradients accumulate over passes.
  public var microBatchTokens = 4096
  /// Keeps only the residual stream between blocks and computes each block again in the backward pass: about a third
  /// more time for a fraction of the memory, the same numbers.
  public var recomputeActivations = false

  /// The schedules.
  public enum Schedule: String, ConfigurationChoice {
    /// Stays at the peak.
    case constant
    /// Falls along a cosine towards a tenth of the peak.
    case cosine
    /// Falls linearly towards a tenth of the peak.
    case linear
  }

  /// The defaults.
  public init() {}
}

/// History resampling: which queries rest for an epoch.
public struct ResamplingSection: Codable, Sendable, Equatable {
  /// The rules.
  public enum Rule: String, ConfigurationChoice {
    /// A query rests only when think-off is always right *and* the policy already picks it. **[ours]**
    case modeAware = "mode-aware"
    /// SRPO's own, word for word: a query rests when all its rollouts were right. **[peer]**
    case srpo
  }

  /// Which queries rest.
  public var rule = Rule.modeAware
  /// Whether queries are dropped at all.
  public var enabled = true
  /// A query rests once mean pi(think_off) reaches this and think-off is always right.
  public var settledOff = 0.9
  /// Share of the dropped queries that come back each epoch.
  public var readmission = 0.1
  /// Epochs of only wrong rollouts after which a query rests for one epoch.
  public var allWrongEpochs = 3

  /// The defaults.
  public init() {}
}

/// Held-out measurements.
public struct EvaluationSection: Codable, Sendable, Equatable {
  /// Steps between evaluations; 0 evaluates only before the first and after the last step.
  public var every = 0
  /// Items per domain and level of `primer`'s test split.
  public var itemsPerCell = 50
  /// Sampling temperature; 0 is greedy.
  public var temperature = 1.0

  /// The defaults.
  public init() {}
}

/// Verification.
public struct VerificationSection: Codable, Sendable, Equatable {
  /// What a failed verdict does. It is counted in every case.
  public enum FailurePolicy: String, ConfigurationChoice {
    /// The rollout leaves means, deviations and gradient.
    case dropSample = "drop_sample"
    /// Its whole group does.
    case dropGroup = "drop_group"
    /// It counts as wrong.
    case zero
    /// The run stops with exit code 3.
    case abort
  }

  /// What a failed verdict does.
  public var failurePolicy = FailurePolicy.dropSample
  /// Verification threads.
  public var workers = 2
  /// Most sandboxed interpreters at once.
  public var sandboxProcesses = 2
  /// The folder of plug-ins, one subfolder each, relative to the working folder. The standard one may be missing.
  public var pluginsFolder = "verifiers"
  /// A classifier's file (`step-srpo verifiers train`) for rows with `"match": "classifier"`; empty for none.
  public var classifier = ""
  /// The verifier that reads what was rewarded and is never trained on, for example `exact`; empty for none. A row's column
  /// `audit` names its own.
  public var audit = ""
  /// The share of rewarded rollouts that the audit reads. Held-out answers are all read.
  public var auditShare = 1.0

  /// The defaults.
  public init() {}
}
