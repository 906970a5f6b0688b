internal import Wire

/// Where the connections in the wire's slots are kept while they are open, and what is remembered of those
/// that were closed.
struct ConnectionSeats {
  private struct Seat {
    /// -1 where there is none, or it was closed.
    var slot: Int32 = -1
    /// Of the one that was closed.
    var number = -1
    var asks: Direction?
  }

  private var seats: [Seat] = []

  /// - Returns: the slot of an open connection; `nil` where it hasn't begun, or was closed.
  @inline(__always)
  func slot(of connection: Int32) -> Int? {
    let index = Int(connection)
    guard index < seats.count, seats[index].slot >= 0 else { return nil }
    return Int(seats[index].slot)
  }

  mutating func take(_ connection: Int32, _ slot: Int) {
    let index = Int(connection)
    while seats.count <= index { seats.append(Seat()) }
    seats[index].slot = Int32(truncatingIfNeeded: slot)
  }

  mutating func leave(_ connection: Int32, _ closed: HTTPConnection) {
    seats[Int(connection)] = Seat(number: closed.info.number, asks: closed.requestDirection)
  }

  /// - Returns: the direction of the requests of a connection that was closed, where it had any.
  func asks(_ connection: Int32, _ info: ConnectionInfo) -> Direction? {
    let index = Int(connection)
    guard index < seats.count, seats[index].number == info.number else { return nil }
    return seats[index].asks
  }
}
