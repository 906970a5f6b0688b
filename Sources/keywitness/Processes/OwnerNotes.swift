internal import Redaction
internal import Synchronization
internal import Wire

/// Says whose connections are: each process once to whoever watches, each connection to the file.
final class OwnerNotes: Sendable {
  private struct State {
    var redactor: Redactor
    var told: Set<SocketOwner> = []
  }

  private let state: Mutex<State>

  /// So many processes are told.
  private static let limit = 50

  init(_ redactor: Redactor) { state = Mutex(State(redactor: redactor)) }

  /// - Parameter file: takes what is to stand in the file.
  func note(
    _ client: Endpoint, _ server: Endpoint, _ owners: HostWitness.Owners,
    file: (String) -> Void
  ) {
    let ends = [("client", client, owners.client), ("server", server, owners.server)]
    for (what, endpoint, owner) in ends {
      guard let owner else { continue }
      let (text, isNew) = state.withLock { state in
        (
          TerminalText.escape(state.redactor.text(owner.text)),
          state.told.count < Self.limit && state.told.insert(owner).inserted
        )
      }
      if isNew { Diagnostics.note("\(what) \(endpoint): \(text)") }
      file("\(what) \(client) → \(server): \(text)")
    }
  }
}
