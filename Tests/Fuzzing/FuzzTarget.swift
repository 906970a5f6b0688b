internal import Glibc

/// One thing that is given hostile bytes. A target is a type named `…Target` in a file of that name in
/// `Targets/`: Scripts/fuzz finds it by the file.
protocol FuzzTarget {
  /// Takes one input. What must hold of every input is asserted with ``require(_:_:)``; a trap, a
  /// read outside of memory, too much time or memory are found without it.
  static func run(_ input: [UInt8])

  /// Inputs to begin with: made up, and from a capture of the project or the corpora.
  static var seeds: [[UInt8]] { get }
  static func seeds(of capture: [UInt8]) -> [[UInt8]]
}

extension FuzzTarget {
  static var seeds: [[UInt8]] { [] }
  static func seeds(of capture: [UInt8]) -> [[UInt8]] { [] }
}

/// Ends the run where something doesn't hold that must hold of every input: also in release builds.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
  guard !holds else { return }
  let line = Array("fuzzing: doesn't hold: \(what())\n".utf8)
  _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  abort()
}
