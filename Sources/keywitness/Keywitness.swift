internal import ArgumentParser

struct Keywitness: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "keywitness",
    abstract:
      "Proves from captured traffic whether an agent's requests to its LiteLLM proxy carried the right key.",
    discussion: """
      Examples:
        keywitness check agent.pcap
        keywitness check --expect-key env:LITELLM_MASTER_KEY agent.pcap
        keywitness check --report junit=report.xml captures/
        ssh host tcpdump -U -w - 'tcp port 4000' | keywitness check -

      Exit codes:
        0  passed            1  violated
        2  wrong usage       3  unreadable
        4  could not judge   5  nothing was tested
        6  run: the program itself failed
      """,
    version: version,
    groupedSubcommands: named(by: ProcessGuard.arguments.first).map { [$0] } ?? groups)

  private static let groups = [
    CommandGroup(name: "Look", subcommands: [Check.self, List.self, Show.self]),
    CommandGroup(
      name: "Live", subcommands: [CaptureCommand.self, TapCommand.self, HostWitnessCommand.self]),
    CommandGroup(name: "CI", subcommands: [RunCommand.self, TestCommand.self]),
    CommandGroup(name: "Servers", subcommands: [StubCommand.self, ReplayCommand.self, Merge.self]),
    CommandGroup(name: "Files", subcommands: [Export.self, Sanitize.self]),
  ]

  /// The group with only the command that the first argument names. Reading the declarations of all
  /// of them was a third of the start-up, and most of it for nothing.
  private static func named(by argument: String?) -> CommandGroup? {
    for group in groups {
      for command in group.subcommands where command._commandName == argument {
        return CommandGroup(name: group.name, subcommands: [command])
      }
    }
    return nil
  }
}
