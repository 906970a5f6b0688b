import Testing

@testable import Wire

@Suite struct RecentSegmentsTests {
  /// Ten segments of ten bytes of one connection, from sequence number 0 on.
  func filled() -> (recent: RecentSegments, latest: Int32) {
    var recent = RecentSegments()
    var latest: Int32 = -1
    for index in 0..<10 {
      latest = recent.add(entry(UInt32(index * 10), connection: 3, previous: latest))
    }
    return (recent, latest)
  }

  func entry(_ sequence: UInt32, connection: Int32, previous: Int32) -> RecentSegments.Entry {
    RecentSegments.Entry(
      sequence: SequenceNumber(sequence), range: ByteRange(offset: Int(sequence), count: 10),
      previous: previous, connection: connection)
  }

  func look(
    _ recent: RecentSegments, _ sequence: UInt32, _ length: Int, latest: Int32,
    connection: Int32 = 3
  ) -> (found: [UInt32], isWhole: Bool) {
    var found: [UInt32] = []
    let isWhole = recent.overlapping(
      SequenceNumber(sequence), length: length, latest: latest, connection: connection
    ) { entry in
      found.append(entry.sequence.rawValue)
      return true
    }
    return (found, isWhole)
  }

  @Test func whatOverlapsIsToldLatestFirst() {
    let (recent, latest) = filled()
    let (found, isWhole) = look(recent, 35, 20, latest: latest)
    #expect(found == [50, 40, 30])
    #expect(isWhole)
    #expect(look(recent, 40, 10, latest: latest).found == [40])
  }

  @Test func aLookEndsWhereSomebodySaysSo() {
    let (recent, latest) = filled()
    var seen = 0
    _ = recent.overlapping(SequenceNumber(0), length: 100, latest: latest, connection: 3) { _ in
      seen += 1
      return false
    }
    #expect(seen == 1)
  }

  @Test func whatLiesBeforeTheFirstEntryCantBeCompared() {
    let (recent, latest) = filled()
    #expect(!look(recent, .max - 5, 3, latest: latest).isWhole)
    #expect(!look(recent, 0, 10, latest: -1).isWhole)
  }

  @Test func entriesThatHaveLeftTheRingCantBeCompared() {
    var (recent, latest) = filled()
    for index in 0..<(1 << 15) {
      _ = recent.add(entry(UInt32(index), connection: 4, previous: -1))
    }
    #expect(!look(recent, 40, 10, latest: latest).isWhole)
    latest = recent.add(entry(100, connection: 3, previous: latest))
    let (found, isWhole) = look(recent, 90, 20, latest: latest)
    #expect(found == [100])
    #expect(!isWhole)
  }
}
