internal import Exchanges
public import Redaction

// What is written at the end knows more than what was seen first: a key in a path may turn up as a
// credential only many requests later, or in the next capture.

extension [JudgedExchange] {
  /// Replaces the keys that have become known since they were written.
  mutating func replaceKeys(_ redactor: inout Redactor) {
    let generation = redactor.keys.generation
    // The old ones stay where they are: an address that is used again would be mistaken for them.
    var replaced: [ObjectIdentifier: (old: Boxed<Element.Traits>, new: Boxed<Element.Traits>)] = [:]
    for index in indices where self[index].keyGeneration < generation {
      let old = self[index].traits
      let new = replaced[ObjectIdentifier(old)]?.new ?? Boxed(old.value.replacingKeys(&redactor))
      replaced[ObjectIdentifier(old)] = (old, new)
      self[index].traits = new
      if let process = self[index].process {
        self[index].process = redactor.knownKeys(in: process)
      }
      if var prediction = self[index].prediction {
        for number in prediction.refusals.indices {
          let gist = prediction.refusals[number].gist
          prediction.refusals[number].gist = redactor.knownKeys(in: gist)
        }
        self[index].prediction = prediction
      }
    }
  }
}

extension JudgedExchange.Traits {
  fileprivate func replacingKeys(_ redactor: inout Redactor) -> Self {
    var traits = self
    traits.method = redactor.knownKeys(in: method)
    traits.target = redactor.knownKeys(in: target)
    traits.path = redactor.knownKeys(in: path)
    traits.sent = redactor.knownKeys(in: sent)
    traits.answer = redactor.knownKeys(in: answer)
    traits.identity.replaceKeys(&redactor)
    traits.keyGeneration = redactor.keys.generation
    return traits
  }
}

extension ClientIdentity {
  mutating func replaceKeys(_ redactor: inout Redactor) {
    userAgent = redactor.knownKeys(in: userAgent)
  }
}

extension Judgement {
  /// Replaces the keys that have become known since the capture was judged.
  public mutating func replaceKeys(_ redactor: inout Redactor) {
    guard keyGeneration < redactor.keys.generation else { return }
    exchanges.replaceKeys(&redactor)
    for index in otherFindings.indices {
      otherFindings[index].message = redactor.knownKeys(in: otherFindings[index].message)
    }
    doubts = doubts.map { redactor.knownKeys(in: $0) }
    for index in faults.indices {
      faults[index].client.replaceKeys(&redactor)
      faults[index].processes = faults[index].processes.map { redactor.knownKeys(in: $0) }
      faults[index].prediction = faults[index].prediction.map { redactor.knownKeys(in: $0) }
      for number in faults[index].requests.indices {
        let request = faults[index].requests[number]
        faults[index].requests[number].method = redactor.knownKeys(in: request.method)
        faults[index].requests[number].path = redactor.knownKeys(in: request.path)
      }
    }
    for index in scope.servers.indices { scope.servers[index].replaceKeys(&redactor) }
    for index in scope.others.indices { scope.others[index].replaceKeys(&redactor) }
    keyGeneration = redactor.keys.generation
  }
}

extension ServerRecord {
  fileprivate mutating func replaceKeys(_ redactor: inout Redactor) {
    names = Set(names.map { redactor.knownKeys(in: $0) })
  }
}
