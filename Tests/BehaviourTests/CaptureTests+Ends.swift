import Foundation
import TestSupport
import Testing

/// Devices, containers and readers that go away; files that are there already.
extension CaptureTests {
  /// An engine that says that container's process is the one in the file `pid`; python3's.
  static let docker = #"""
    cat >docker.py <<'PY'
    import json, socket
    s = socket.socket(socket.AF_UNIX); s.bind('docker.sock'); s.listen(8)
    print('up', flush=True)
    while True:
        c, _ = s.accept(); c.recv(65536)
        body = json.dumps({'State': {'Pid': int(open('pid').read() or 0)}})
        c.sendall(('HTTP/1.0 200 OK\r\n\r\n' + body).encode()); c.close()
    PY
    echo 0 >pid
    python3 docker.py >docker.out & docker=$!
    while ! grep -q up docker.out; do sleep 0.05; done
    export DOCKER_HOST=unix://$PWD/docker.sock
    until_said() { for i in $(seq 100); do grep -q "$1" live.err && return; sleep 0.05; done; }
    until_captures() { for i in $(seq 100); do
      sed -n "/process $1\b/,\$p" live.err | grep -q 'capturing on' && return; sleep 0.05; done; }

    """#

  @Test func aDeviceThatGoesAwayEndsIt() throws {
    let (said, _) = try run(
      """
      until_over() { for i in $(seq 40); do kill -0 $live 2>/dev/null || return; sleep 0.1; done
        echo waits; kill -TERM $live; }
      ip link add gone type veth peer name other; ip link set gone up
      capture -i gone; ip link set gone down; sleep 0.7; ip link del gone; until_over; ended; cat live.err
      capture -i near; broken; sleep 0.3; ip link del near; until_over; ended; cat live.err
      """)
    #expect(!said.contains("waits"), "\(said)")
    #expect(said.contains("code 3\n") && said.contains("code 1\n"), "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func whatWasTestedInOneOfItsLivesIsTested() throws {
    let (said, _) = try run(
      Self.docker + """
        "$KW" capture --proxy :4000 --expect-key env:KEY --container agent >live.out 2>live.err & live=$!
        for i in 1 2 3 4 5; do sleep 0.15 & echo $! >pid; wait $!; done
        echo $$ >pid.here; sleep 60 & one=$!; echo $one >pid; until_captures $one; sleep 0.5
        good; sleep 0.5; kill -KILL $one; wait $one 2>/dev/null; until_said 'to run again'
        sleep 60 & two=$!; echo $two >pid; until_said 'attached again'; sleep 1
        kill -TERM $live; ended; cat live.err
        KEYWITNESS_CAPTURED_PROCESS=99999999 "$KW" capture --container agent 2>/dev/null; echo "gone: $?"
        kill -KILL $docker $two
        """)
    #expect(said.contains("code 0\n"), "\(said)")
    #expect(said.contains("gone: 75\n"), "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func anEngineThatHangsDelaysNobody() throws {
    let (said, _) = try run(
      """
      python3 -c 'import socket, time
      s = socket.socket(socket.AF_UNIX); s.bind("docker.sock"); s.listen(8)
      open("up", "w"); time.sleep(30)' & docker=$!
      while [ ! -e up ]; do sleep 0.05; done
      export DOCKER_HOST=unix://$PWD/docker.sock
      SECONDS=0; "$KW" capture --container agent --for 1s 2>/dev/null; echo "code $? $((SECONDS < 4))"
      kill -KILL $docker
      """)
    #expect(said.contains("code 5 1\n"), "\(said)")
  }

  @Test func itEndsWithItsReader() throws {
    let (said, _) = try run(
      """
      (timeout 20 "$KW" capture --proxy :4000 --expect-key env:KEY 2>live.err; echo "code $?" >over) \
        | head -1 &
      while ! grep -qs 'capturing on' live.err; do sleep 0.02; done
      good; good; good; for i in $(seq 100); do [ -s over ] && break; sleep 0.1; done; cat over
      for i in 1 2 3; do
        capture; good; sleep 0.5; began=$(date +%s%N); kill -TERM $live; wait $live
        echo "took $(( ($(date +%s%N) - began) / 1000000 )) ms"
      done
      """)
    #expect(said.contains("code 0\n"), "\(said)")
    let times = said.split(separator: "\n").filter { $0.hasPrefix("took ") }.compactMap {
      Int($0.split(separator: " ")[1])
    }
    // The helper has ended long before.
    #expect(times.count == 3 && times.contains { $0 < 480 }, "\(said)")
  }

  @Test func tcpdumpsHabitsAreUnderstood() throws {
    let (said, _) = try run(
      """
      capture -inear -s0 -c4; good; ended
      capture -s 0 --for 200ms; ended
      "$KW" capture -D --pid $far | grep -o '^far' || echo not there
      "$KW" capture --keylog nowhere.log --for 200ms 2>&1 >/dev/null | grep -o 'nowhere.log was never there'
      "$KW" capture --proxy :4000 -c 12 -w - 2>live.err >live.pcapng & live=$!
      while ! grep -qs 'capturing on' live.err; do sleep 0.02; done
      good; good; ended; grep -c 'GET  */v1/models' live.err
      "$KW" check --proxy :4000 --expect-key env:KEY live.pcapng | grep -c 'GET  */v1/models'
      "$KW" capture -w - -- true; echo "both: $?"
      """)
    #expect(said.contains("code 4\n") || said.contains("code 0\n"), "\(said)")
    #expect(said.contains("code 5\n") && said.contains("\nfar\n"), "\(said)")
    #expect(said.contains("nowhere.log was never there"))
    #expect(said.contains("both: 2\n"), "\(said)")
    let counts = said.split(separator: "\n").compactMap { Int($0) }
    #expect(counts.count == 2 && counts.allSatisfy { $0 > 0 }, "\(said)")
  }

  @Test func whatIsThereIsSpared() throws {
    let (said, _) = try run(
      #"""
      mkfifo -m 644 pipe; chown 0:0 pipe; cat pipe >got & reader=$!
      capture -w pipe --for 300ms; ended; wait $reader; "$KW" list got >/dev/null; echo "read: $?"
      mkfifo -m 644 tube; cat tube >got & reader=$!
      "$KW" capture --report junit=tube --for 300ms 2>/dev/null; wait $reader; grep -o '<testsuites' got
      stat -c '%U %a' pipe tube
      echo kept >file; chmod 644 file; ln -s file link
      "$KW" capture -w link --for 200ms; echo "link: $?"
      "$KW" capture -w file --report junit=/nowhere/x --for 200ms 2>/dev/null; echo "report: $?"; cat file
      "$KW" capture -w file -- /tmp; echo "folder: $?"; cat file
      mkdir -m 700 ours; printf '#!/bin/sh\n' >ours/run.sh; chmod 755 ours/run.sh
      "$KW" capture -w file -- ours/run.sh; echo "ours: $?"; cat file
      "$KW" capture -w new --report junit=/nowhere/x --for 200ms 2>/dev/null; ls new
      capture -w file --for 200ms; ended; stat -c '%a' file; grep -c kept file
      """#)
    #expect(said.contains("read: 5\n") && said.contains("<testsuites"), "\(said)")
    #expect(said.contains("root 644\nroot 644\n"), "\(said)")
    #expect(said.contains("it is a symbolic link") && said.contains("link: 3\n"), "\(said)")
    #expect(said.contains("report: 3\nkept\n") && said.contains("folder: 2\nkept\n"), "\(said)")
    #expect(said.contains("as user 65534") && said.contains("ours: 2\nkept\n"), "\(said)")
    #expect(said.contains("cannot access 'new'") && said.contains("600\n0\n"), "\(said)")
  }

  @Test func aRingDoesNotMixWithAnEarlierOne() throws {
    let (said, _) = try run(
      """
      "$KW" capture -w live.pcapng --ring 3x20K 2>/dev/null; echo "not theirs: $?"; ls live*
      chmod 777 .
      capture -w live.pcapng --ring 3x20K --for 200ms; ended
      echo other >live_1.pcapng; echo other >live_00001.pcap
      "$KW" capture -w live.pcapng --ring 3x20K --for 200ms; echo "again: $?"; ls live_*
      rm live_00001.pcapng; capture -w live.pcapng --ring 3x20K --for 200ms; ended
      """)
    #expect(said.contains("not theirs: 3\n") && said.contains("cannot access 'live*'"), "\(said)")
    #expect(said.contains("again: 3\n") && said.contains("live_00001.pcapng: of an earlier ring"))
    #expect(said.split(separator: "\n").filter { $0 == "code 5" }.count == 2, "\(said)")
    #expect(said.contains("live_00001.pcap\nlive_00001.pcapng\nlive_1.pcapng\n"), "\(said)")
  }

  @Test func onlyNamesAreShownOfACommandLine() throws {
    let words = [
      ("serve /app/dist/main.js a/b", "true serve /app/dist/main.js a/b"),
      ("agent2.py uvicorn.workers run-all", "true agent2.py uvicorn.workers run-all"),
      ("/usr/lib/python3.11/site.py --port 80", "true /usr/lib/python3.11/site.py --port …"),
      ("hunter2secret 0123456789abcdef0123456789abcdef", "true …"),
      ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk", "true …"),
      ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "true …"),
      ("/tmp/0123456789abcdef0123/x.py bPxRfiCYEXAMPLEKEYs", "true …/x.py …"),
      ("/tmp/123e4567-e89b-12d3-a456-426614174000 sk-made-up", "true …"), ("4711", "true …"),
    ]
    let (said, _) = try run(
      words.map { "\"$KW\" capture -- true \($0.0) 2>&1 | grep '^keywitness: true'" }
        .joined(separator: "\n"))
    let shown = said.split(separator: "\n").map { String($0) }
    #expect(shown == words.map { "keywitness: \($0.1): exit 0" }, "\(said)")
  }
}
