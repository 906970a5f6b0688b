import TLS
import Testing

struct KeyLogTests {
  @Test func isEmpty() { _ = KeyLog() }
}
