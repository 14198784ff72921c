// swift-tools-version: 6.1
import PackageDescription

// The folders under Sources read as the pipeline:
// tasks -> rollouts (policy + sampler) -> parser -> verifiers -> rewards -> advantages -> update -> store -> curves.
// A target imports only what stands above it; `Platform` and `StrictJSON` are the rooms everybody shares.
let package = Package(
  name: "step-srpo",
  products: [
    .executable(name: "step-srpo", targets: ["step-srpo"]),
    .library(
      name: "StepSRPO",
      targets: [
        "TensorCore", "LanguageModel", "AutoThink", "Digests", "StrictJSON", "Verifiers", "Tasks", "StepSRPO",
        "ColdStart",
        "RunStore",
      ]),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CKernels"),
    .target(name: "CDigests"),
    .target(name: "Digests", dependencies: ["CDigests"]),
    .target(name: "Platform"),
    .target(name: "StrictJSON"),
    .target(name: "TensorCore", dependencies: ["COpenBLAS", "CKernels", "Platform", "StrictJSON"]),
    .target(name: "LanguageModel", dependencies: ["TensorCore", "CKernels", "Digests", "Platform", "StrictJSON"]),
    .target(name: "AutoThink"),
    .target(name: "Verifiers", dependencies: ["Digests", "Platform", "StrictJSON"]),
    .target(name: "Tasks", dependencies: ["AutoThink", "Verifiers", "Platform", "StrictJSON"]),
    .target(
      name: "StepSRPO",
      dependencies: ["TensorCore", "LanguageModel", "AutoThink", "Verifiers", "Tasks", "Platform", "StrictJSON"]),
    .target(
      name: "ColdStart",
      dependencies: [
        "TensorCore", "LanguageModel", "AutoThink", "Digests", "Verifiers", "Tasks", "StepSRPO", "Platform",
        "StrictJSON",
      ]),
    .target(
      name: "RunStore",
      dependencies: [
        "CSQLite", "TensorCore", "LanguageModel", "AutoThink", "Digests", "Tasks", "StepSRPO", "Platform", "StrictJSON",
      ]),
    .executableTarget(
      name: "step-srpo",
      dependencies: [
        "TensorCore", "LanguageModel", "AutoThink", "Digests", "Verifiers", "Tasks", "StepSRPO", "ColdStart",
        "RunStore", "Platform", "StrictJSON",
      ]),
    .testTarget(name: "DigestsTests", dependencies: ["CDigests", "Digests"]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform"]),
    .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"]),
    .testTarget(name: "TensorCoreTests", dependencies: ["TensorCore"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "LanguageModelTests", dependencies: ["LanguageModel", "TensorCore", "CKernels", "StrictJSON"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "AutoThinkTests", dependencies: ["AutoThink"]),
    .testTarget(name: "VerifiersTests", dependencies: ["Verifiers", "StrictJSON"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TasksTests", dependencies: ["Tasks", "AutoThink", "Verifiers", "StrictJSON"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "StepSRPOTests",
      dependencies: ["StepSRPO", "LanguageModel", "TensorCore", "Tasks", "Verifiers"]),
    .testTarget(
      name: "ColdStartTests",
      dependencies: ["ColdStart", "StepSRPO", "LanguageModel", "TensorCore", "Tasks", "Verifiers"]),
    .testTarget(
      name: "RunStoreTests",
      dependencies: [
        "RunStore", "AutoThink", "Digests", "LanguageModel", "StepSRPO", "StrictJSON", "Tasks", "Verifiers",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "step-srpo", "AutoThink", "ColdStart", "LanguageModel", "RunStore", "StepSRPO", "StrictJSON", "Tasks",
        "Verifiers",
      ],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)
