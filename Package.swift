// swift-tools-version: 6.2
import PackageDescription

/// What every room is compiled with: Swift 6 mode, no implicit anything, and no warning left standing.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // The packet loop runs through three rooms: calls between them are worth inlining (6 % measured).
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// The fuzzing harness needs libFuzzer's runtime (Scripts/fuzz): no other build sees it.
let fuzzing: [Target] =
  Context.environment["KEYWITNESS_FUZZING"] == nil
  ? []
  : [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzzing/CLibFuzzer"),
    .executableTarget(
      name: "Fuzzing",
      dependencies: [
        "CLibFuzzer", "Wire", "TLS", "HTTP", "Exchanges", "Redaction", "LiteLLM", "Verdicts",
        "Reports", "TestSupport",
      ],
      path: "Tests/Fuzzing", exclude: ["CLibFuzzer"], swiftSettings: settings),
  ]

/// A room knows only the rooms on its left: the order of this list is the way of a packet.
let package = Package(
  name: "keywitness",
  products: [
    .executable(name: "keywitness", targets: ["keywitness"])
  ],
  dependencies: [
    // Commands, help, completions, man page.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // The heap and the queue of the reassembly's timers.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // Policies are YAML; its marks give line and column.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // TLS's ciphers and key schedule, SHA-256 of bodies and keys, HMAC for fingerprints.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // The stub's sockets and event loops.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // The stub's HTTPS.
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    // How long answers take: histograms that can be added.
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    // The certificate of run --tls, which nobody has to make or install.
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    // The bytes of that certificate's addresses.
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
  ],
  targets: [
    // What main was given, where there is no /proc.
    .target(name: "CArguments"),
    .systemLibrary(name: "CLibpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Without pkg-config, which would ask for the shared libraries: the module maps name the static
    // ones.
    .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),

    .target(
      name: "Wire",
      dependencies: [
        "CLibpcap", "CZlib",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "TLS",
      dependencies: [
        "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(
      name: "HTTP", dependencies: ["CBrotli", "CZlib", "CZstd", "Wire"], swiftSettings: settings),
    .target(name: "Exchanges", dependencies: ["Wire", "TLS", "HTTP"], swiftSettings: settings),
    .target(
      name: "Redaction",
      dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .target(
      name: "LiteLLM",
      dependencies: [
        "Wire", "HTTP", "Exchanges", "Redaction",
        .product(name: "Yams", package: "Yams"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(
      name: "Verdicts",
      dependencies: [
        "Wire", "HTTP", "Exchanges", "Redaction", "LiteLLM",
        .product(name: "Yams", package: "Yams"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "Wire", "HTTP", "Exchanges", "Redaction", "LiteLLM", "Verdicts",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    // Beside the way of a packet: what writes packets instead of reading them.
    .target(
      name: "Recording", dependencies: ["Wire", "HTTP", "Redaction"], swiftSettings: settings),
    .target(
      name: "Sanitizing", dependencies: ["Wire", "HTTP", "Exchanges", "Redaction", "Recording"],
      swiftSettings: settings),
    // What takes packets from a device.
    .target(
      name: "Capture",
      dependencies: [
        "CLibpcap", "Recording", "Wire",
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    // What the programs share that serve and send: addresses, TLS, signals.
    .target(
      name: "Sockets",
      dependencies: [
        "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: settings),
    // What stands between, and passes on.
    .target(
      name: "Tap",
      dependencies: [
        "Wire", "HTTP", "Recording", "Redaction", "Sockets",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: settings),
    // And what answers.
    .target(
      name: "Stub",
      dependencies: [
        "LiteLLM", "Recording", "Redaction", "Sockets", "Wire",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: settings),
    // And what asks again.
    .target(
      name: "Replay",
      dependencies: [
        "Wire", "HTTP", "Exchanges", "Redaction", "LiteLLM", "Verdicts", "Sanitizing", "Sockets",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: settings),
    // And what a capture is held against.
    .target(
      name: "Suite",
      dependencies: [
        "Wire", "HTTP", "Exchanges", "Redaction", "LiteLLM", "Verdicts",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "keywitness",
      dependencies: [
        "CArguments", "Wire", "TLS", "HTTP", "Exchanges", "Redaction", "LiteLLM", "Verdicts",
        "Capture", "Recording", "Replay", "Reports", "Sanitizing", "Sockets", "Stub", "Suite",
        "Tap",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Turns the script of a conversation into a capture, for all tests.
    .target(
      name: "TestSupport", dependencies: ["Wire"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(name: "WireTests", dependencies: ["Wire", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "TLSTests",
      dependencies: [
        "TLS", "Wire", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HTTPTests", dependencies: ["HTTP", "Verdicts", "Wire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ExchangesTests", dependencies: ["Exchanges", "HTTP", "Wire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "RedactionTests", dependencies: ["Redaction"], swiftSettings: settings),
    .testTarget(
      name: "LiteLLMTests",
      dependencies: ["LiteLLM", "Exchanges", "HTTP", "Redaction", "Wire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "VerdictsTests",
      dependencies: ["Verdicts", "Exchanges", "HTTP", "Redaction", "Wire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Verdicts", "LiteLLM", "Exchanges", "HTTP", "Wire", "Redaction", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "RecordingTests",
      dependencies: ["Recording", "Redaction", "Wire", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "TapTests", dependencies: ["Tap", "Sockets"], swiftSettings: settings),
    .testTarget(
      name: "SuiteTests", dependencies: ["Suite", "Verdicts"], swiftSettings: settings),
    .testTarget(
      name: "ReplayTests", dependencies: ["Replay", "Sockets", "Wire"], swiftSettings: settings),
    .testTarget(
      name: "StubTests",
      dependencies: [
        "Stub", "LiteLLM", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      exclude: ["Clients"], swiftSettings: settings),
    // Changes and damages captures, and holds what is said of them against the truth: the short form
    // runs with the tests, the long one as a program of its own.
    .target(
      name: "Trials",
      dependencies: ["Verdicts", "Exchanges", "HTTP", "Redaction", "TLS", "Wire", "TestSupport"],
      path: "Tests/Trials", swiftSettings: settings),
    .executableTarget(
      name: "trial-runner",
      dependencies: [
        "Trials", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/TrialRunner", swiftSettings: settings),
    .testTarget(
      name: "TrialsTests", dependencies: ["Trials", "TestSupport"], swiftSettings: settings),
    // Makes the captures of Scripts/bench, and is libpcap's side of its ratios. Without the rooms that
    // judge: the truth of a capture is known before them.
    .executableTarget(
      name: "benchmark-captures",
      dependencies: [
        "Wire", "TestSupport", "CLibpcap",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks", exclude: ["instructions.json"], swiftSettings: settings,
      linkerSettings: [.linkedLibrary("pcap")]),
    // End to end: the executable itself, on captures.
    .testTarget(
      name: "BehaviourTests",
      dependencies: [
        "keywitness", "benchmark-captures", "TestSupport", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
  ] + fuzzing
)
