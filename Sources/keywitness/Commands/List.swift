internal import ArgumentParser
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "One line an exchange.")
  func run() throws {}
}
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Exchanges in full.")
  func run() throws {}
}
