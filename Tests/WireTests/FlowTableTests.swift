import Testing

@testable import Wire

@Suite struct FlowTableTests {
  func key(_ index: Int) -> FlowKey {
    FlowKey(
      first: IPAddress(ipv4: UInt32(index)), second: IPAddress(ipv4: 0x0A00_0001),
      ports: UInt32(index))
  }

  func connections(_ count: Int, hash: (Int) -> UInt32) -> [Connection] {
    (0..<count).map {
      Connection(key: key($0), isSwapped: false, hash: hash($0), generation: UInt32($0 + 1))
    }
  }

  private func slot(
    in table: FlowTable, of connection: Connection, hash: UInt32, _ all: [Connection]
  ) -> Int32? {
    table.slot(of: connection.key, hash: hash, in: all.span)
  }

  @Test(arguments: [1, 7, 5000])
  func whatWasPutInIsFoundAndWhatWasTakenOutIsnt(spread: Int) {
    // With one hash for all, every look-up walks the same run of entries.
    let all = connections(spread == 5000 ? 5000 : 300) { UInt32($0 % spread) &* 0x9E37_79B1 }
    var table = FlowTable()
    for index in all.indices { table.insert(Int32(index), hash: all[index].hash) }
    for index in all.indices where index % 3 == 0 {
      table.remove(Int32(index), hash: all[index].hash)
    }
    for index in all.indices {
      let slot = self.slot(in: table, of: all[index], hash: all[index].hash, all)
      #expect(slot == (index % 3 == 0 ? nil : Int32(index)))
    }
    for index in all.indices where index % 3 == 0 {
      table.insert(Int32(index), hash: all[index].hash)
    }
    for index in all.indices {
      #expect(slot(in: table, of: all[index], hash: all[index].hash, all) == Int32(index))
    }
  }

  @Test func entriesAtTheEndOfTheTableGoOnAtItsBeginning() {
    let all = connections(6) { _ in 1022 }
    var table = FlowTable()
    for index in all.indices { table.insert(Int32(index), hash: 1022) }
    table.remove(1, hash: 1022)
    table.remove(0, hash: 1022)
    for index in 2..<6 {
      #expect(slot(in: table, of: all[index], hash: 1022, all) == Int32(index))
    }
    #expect(slot(in: table, of: all[0], hash: 1022, all) == nil)
  }

  @Test func takingOutWhatIsntThereChangesNothing() {
    let all = connections(2) { _ in 5 }
    var table = FlowTable()
    table.insert(0, hash: 5)
    table.remove(1, hash: 5)
    table.remove(0, hash: 6)
    #expect(slot(in: table, of: all[0], hash: 5, all) == 0)
  }

  @Test func bothDirectionsOfAFlowHaveOneKey() {
    var there = Segment()
    there.source = IPAddress(ipv4: 1)
    there.destination = IPAddress(ipv4: 2)
    there.sourcePort = 40_000
    there.destinationPort = 4000
    var back = there
    (back.source, back.destination) = (there.destination, there.source)
    (back.sourcePort, back.destinationPort) = (there.destinationPort, there.sourcePort)
    #expect(FlowKey.of(there).key == FlowKey.of(back).key)
    #expect(FlowKey.of(there).key.hash == FlowKey.of(back).key.hash)
    #expect(FlowKey.of(there).isSwapped != FlowKey.of(back).isSwapped)
    // On one machine only the ports differ.
    there.destination = there.source
    back.source = back.destination
    #expect(FlowKey.of(there).key == FlowKey.of(back).key)
    #expect(FlowKey.of(there).isSwapped != FlowKey.of(back).isSwapped)
  }
}
