import Foundation
import TestSupport
import Testing

/// With a shell of a terminal of its own.
extension CaptureTests {
  /// `terminal STEP...`: a shell with job control, and what is typed; `~1.5` waits. It prints the screen.
  private static let terminal = #"""
    cat >terminal.py <<'END'
    import os, pty, select, signal, sys, time
    pid, screen = pty.fork()
    if pid == 0:
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      os.environ["PS1"] = "$ "
      os.execv("/bin/bash", ["bash", "--norc", "--noprofile", "-i"])
    def drain(seconds):
      end = time.time() + seconds
      while (left := end - time.time()) > 0:
        if select.select([screen], [], [], left)[0]:
          try: sys.stdout.buffer.write(os.read(screen, 65536))
          except OSError: return
    for step in sys.argv[1:]:
      if step[0] == "~": drain(float(step[1:]))
      else: os.write(screen, step.encode().decode("unicode_escape").encode())
    drain(0.3)
    os.kill(pid, 9)
    END
    terminal() { PYTHONDONTWRITEBYTECODE=1 timeout -k 1 60 python3 terminal.py "$@"; }
    """#

  private static let isPossible =
    Tool.isThere("/usr/bin/python3") && Tool.isThere("/usr/bin/script")

  @Test(.enabled(if: isPossible, "python3 or script isn't installed"))
  func aJobInTheBackgroundTakesTheTerminalFromNobody() throws {
    let (said, _) = try run(
      Self.terminal + #"""

        terminal "$KW capture --proxy :4000 -- sleep 3 >bg.out 2>bg.err &\n" ~1.5 "echo hel''lo\n" ~3 \
          "echo ag''ain\n" ~0.5
        cat bg.err
        """#)
    #expect(said.contains("hello") && said.contains("again"), "\(said)")
    #expect(said.contains("sleep …: exit 0"), "\(said)")
  }

  @Test(.enabled(if: isPossible, "python3 or script isn't installed"))
  func theProgramAndTheCaptureStopTogether() throws {
    let (said, _) = try run(
      Self.terminal + #"""

        terminal "$KW capture --proxy :4000 -- sleep 300.25\n" ~1.5 '\x1a' ~1 "jobs\n" ~0.3 "fg\n" ~0.7 \
          '\x03' ~1.5 "echo co''de \$?\n" ~0.3
        echo "--"
        terminal "$KW capture --proxy :4000 -- sh -c 'trap \"\" INT; sleep 300.25'\n" ~1.5 '\x03' ~0.5 \
          '\x1a' ~1 "kill %1\n" ~1.5 "echo co''de\n" ~0.3
        ps -eo args | grep '^sleep 300' || echo none left
        """#)
    let parts = said.components(separatedBy: "--\r\n").flatMap {
      $0.components(separatedBy: "--\n")
    }
    #expect(said.contains("Stopped"), "\(said)")
    #expect(parts.first?.contains("sleep …: signal 2") == true, "\(said)")
    #expect(parts.first?.contains("code 5") == true, "\(said)")
    #expect(said.contains("sh -c …: ended with the capture"), "\(said)")
    #expect(said.contains("none left"), "\(said)")
  }

  @Test(.enabled(if: isPossible, "python3 or script isn't installed"))
  func theCaptureOfAContainerStopsAsOneJob() throws {
    let (said, _) = try run(
      Self.docker + Self.terminal + #"""

        echo $far >pid
        terminal "$KW capture --proxy :4000 --container agent\n" ~2 '\x1a' ~1 "jobs\n" ~0.3 "fg\n" ~0.7 \
          '\x03' ~1.5 "echo co''de \$?\n" ~0.3
        """#)
    #expect(said.contains("Stopped") && said.contains("code 5"), "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/script"), "script isn't installed"))
  func whatTheProgramWritesIsNotWrittenOver() throws {
    let (said, _) = try run(
      #"""
      timeout -k 1 20 script -qfec \
        "stty cols 200; $KW capture -- sh -c 'printf three; sleep 2.5; echo four'" /dev/null
      """#)
    #expect(said.contains("threefour") && !said.contains("\u{1B}[K"), "\(said)")
  }
}
