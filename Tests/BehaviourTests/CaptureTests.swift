import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

/// Live, in network namespaces of the test's own: an agent here, its proxy there.
@Suite(
  "capture: in place of tcpdump",
  .enabled(
    if: Tool.canMakeNamespaces && Tool.isThere("/usr/bin/curl"), "no right to make namespaces"))
struct CaptureTests {
  /// `$KW`, an agent's namespace `$A` and a proxy's `$B` joined by a veth pair, a stub at `$URL` with
  /// the key `$KEY`; `agent`, `broken` and `good` send requests.
  static let setting = #"""
    cd "$OUT" || exit 99
    for family in default all; do
      sysctl -qw net.ipv6.conf.$family.disable_ipv6=1 2>/dev/null
    done
    ip link set lo up
    unshare -n sleep 600 & far=$!
    while [ "$(readlink /proc/$far/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
    ip link add near type veth peer name far netns $far
    ip addr add 10.98.0.1/24 dev near; ip link set near up
    there() { nsenter -t $far -n "$@"; }
    there ip addr add 10.98.0.2/24 dev far; there ip link set far up; there ip link set lo up
    nsenter -t $far -n "$KW" stub --bind 10.98.0.2 --port 4000 --master-key env:KEY --ready-file stub.json \
      2>/dev/null & stub=$!
    while [ ! -e stub.json ]; do sleep 0.02; done
    URL=http://10.98.0.2:4000
    capture() {
      rm -f live.err
      "$KW" capture --proxy :4000 --expect-key env:KEY "$@" >live.out 2>live.err & live=$!
      while ! grep -qs 'capturing on' live.err; do
        kill -0 $live 2>/dev/null || return
        sleep 0.02
      done
    }
    ended() { wait $live; echo "code $?"; }
    stop() { sleep 0.3; kill -TERM $live; ended; }
    broken() { curl -s -o /dev/null $URL/model/info
      curl -s -o /dev/null $URL/chat/completions -H 'Authorization: Bearer dummy-key-for-proxy' \
        -H 'Content-Type: application/json' -d '{"model":"gpt-4o","messages":[]}'; }
    good() { curl -s -o /dev/null $URL/v1/models -H "Authorization: Bearer $KEY"; }
    done_with() { kill -KILL $stub $far 2>/dev/null; }
    trap done_with EXIT
    """#

  func run(
    _ script: String, environment: [String: String] = [:]
  ) throws -> (said: String, folder: String) {
    let folder = try Folder().path
    let result = try Executable.run(
      // With processes of its own, too: whatever is left behind ends with it.
      Tool.ownNetwork + ["/bin/bash", "-c", Self.setting + "\n" + script],
      environment: [
        "KW": Executable.path, "KEY": "sk-made-up-for-capture-01", "OUT": folder,
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
      ].merging(environment) { $1 }, tool: "/usr/bin/unshare")
    return (result.output + result.errors, folder)
  }

  @Test func faultsAreToldAsTheyHappen() throws {
    let (said, _) = try run(
      """
      capture; broken; sleep 0.5; echo "live:"; cat live.out; stop; cat live.out
      capture --color always; good; broken; stop >/dev/null; grep -c $'^\\e\\[31m.*missing' live.out
      capture; good; stop
      """)
    let parts = said.split(separator: "code ", omittingEmptySubsequences: false)
    #expect(parts.count == 3, "\(said)")
    #expect(parts[0].contains("missing") && parts[0].contains("GET /model/info"), "\(said)")
    #expect(parts[0].contains("placeholder") && parts[0].contains("POST /chat/completions"))
    #expect(parts[1].hasPrefix("1\n") && parts[1].contains("2 of 2 requests"), "\(said)")
    #expect(parts[1].hasSuffix("1\n") && parts[2].hasPrefix("0\n"), "\(said)")
  }

  @Test func aLongStreamIsShownWhileItRuns() throws {
    let (said, _) = try run(
      """
      kill -KILL $stub; rm stub.json
      nsenter -t $far -n "$KW" stub --bind 10.98.0.2 --port 4000 --master-key env:KEY --itl 400ms \
        --ready-file stub.json 2>/dev/null & stub=$!
      while [ ! -e stub.json ]; do sleep 0.02; done
      capture
      curl -sN -o /dev/null $URL/chat/completions -H "Authorization: Bearer $KEY" \
        -H 'Content-Type: application/json' \
        -d '{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}' & agent=$!
      sleep 0.8; echo "meanwhile:"; cat live.out; kill -0 $agent && echo running; wait $agent
      stop; echo "afterwards:"; cat live.out
      """)
    let parts = said.split(separator: "afterwards:")
    #expect(parts[0].contains("(streaming)") && parts[0].contains("running"), "\(said)")
    #expect(!parts[0].contains(" ok ") && parts[1].contains(" ok "), "\(said)")
  }

  /// HTTP/2 with prior knowledge (RFC 9113, 3.3), whose fields name the static table (RFC 7541, A).
  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func aLongStreamOfHTTP2IsShownWhileItRuns() throws {
    let (said, _) = try run(
      #"""
      cat >frames.py <<'END'
      import os, socket, sys, time
      def frame(kind, flags, stream, content):
        return len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content
      def field(name, value): return name + bytes([len(value)]) + value
      s = socket.socket()
      s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      if sys.argv[1] == "server":
        s.bind(("10.98.0.2", 4100)); s.listen(); open("ready", "w")
        s, _ = s.accept()
        s.sendall(frame(4, 0, 0, b""))
        s.recv(9999)
        s.sendall(frame(1, 4, 1, b"\x88" + field(b"\x0f\x10", b"text/event-stream")))
        time.sleep(1.5)
        s.sendall(frame(0, 1, 1, b"data: [DONE]\n\n"))
        time.sleep(0.2)
      else:
        s.connect(("10.98.0.2", 4100))
        key = b"Bearer " + os.environ["KEY"].encode()
        s.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 5, 1,
          b"\x83\x86" + field(b"\x04", b"/v1/chat/completions") + field(b"\x01", b"proxy")
          + field(b"\x0f\x08", key)))
        while s.recv(9999): pass
      END
      nsenter -t $far -n python3 frames.py server & while [ ! -e ready ]; do sleep 0.02; done
      capture --proxy :4100; python3 frames.py client & agent=$!
      sleep 1; cat live.out; kill -0 $agent && echo running; wait $agent
      stop; echo "afterwards:"; cat live.out
      """#)
    let parts = said.split(separator: "afterwards:")
    #expect(parts[0].contains("(streaming)") && parts[0].contains("running"), "\(said)")
    #expect(parts[1].contains(" ok "), "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func nobodyWaitsForTheSlowest() throws {
    let (said, _) = try run(
      #"""
      cat >silent.py <<'END'
      import socket
      s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      s.bind(("10.98.0.2", 4200)); s.listen(); open("ready", "w"); c, _ = s.accept()
      while c.recv(9999): pass
      END
      nsenter -t $far -n python3 silent.py & while [ ! -e ready ]; do sleep 0.02; done
      capture --proxy any --until violation
      curl -s -m 30 http://10.98.0.2:4200/slow & slow=$!
      sleep 0.3; good; sleep 0.3; echo "meanwhile:"; cat live.out
      broken; sleep 0.7; kill -0 $live 2>/dev/null && echo "goes on"
      ended; kill $slow; echo "afterwards:"; cat live.out; cat live.err
      """#)
    let parts = said.split(separator: "afterwards:")
    // Its number comes only with its turn.
    #expect(parts[0].contains("   …") && parts[0].contains("GET /v1/models"), "\(said)")
    #expect(!said.contains("goes on") && said.contains("code 1"), "\(said)")
    #expect(parts[1].split(separator: "\n").count { $0.contains("GET /v1/models") } == 1, "\(said)")
    #expect(!said.contains("no request in 10 s"))
  }

  @Test func rightsAreGivenUpBeforeTheFirstPacket() throws {
    let (said, _) = try run(
      """
      capture -w live.pcapng; cat /proc/$live/status; stop; stat -c '%U %a' live.pcapng
      """)
    #expect(
      said.contains("CapPrm:\t0000000000000000") && said.contains("CapEff:\t0000000000000000"))
    #expect(said.contains("NoNewPrivs:\t1"))
    #expect(said.contains("Uid:\t65534\t65534\t65534\t65534"), "\(said)")
    // The file is whose the process was.
    #expect(said.contains("nobody 600"))
  }

  @Test func theFileSaysTheSame() throws {
    let (said, folder) = try run(
      """
      capture -w live.pcapng; broken; good; good; stop
      "$KW" check --proxy :4000 --expect-key env:KEY live.pcapng >file.out; echo "file: $?"
      tail -n +6 live.out | grep -v '^keywitness' >live.tail
      sed -i '1,/^$/d' live.tail
      sed -i '/^   Process: /d' live.out
      """)
    #expect(said.contains("code 1") && said.contains("file: 1"), "\(said)")
    let live = String(decoding: try Folder.bytes("\(folder)/live.out"), as: UTF8.self)
    let file = String(decoding: try Folder.bytes("\(folder)/file.out"), as: UTF8.self)
    // Behind the lines that were told live stands the same report.
    #expect(live.hasSuffix(file), "\(live)\n---\n\(file)")
  }

  @Test(
    .enabled(
      if: Tool.isThere("/usr/bin/tshark") && Tool.isThere("/usr/bin/tcpdump"),
      "tshark or tcpdump isn't installed"))
  func othersReadTheFile() throws {
    let (said, _) = try run(
      """
      capture -w live.pcapng; broken; good; stop
      tshark -r live.pcapng -Y http.request -T fields -e http.request.uri 2>warnings; grep -v Running warnings
      capinfos live.pcapng; tcpdump -nr live.pcapng 2>/dev/null | wc -l
      """)
    #expect(said.contains("/model/info\n/chat/completions\n/v1/models\n"), "\(said)")
    #expect(said.contains("Filter string = tcp port 4000 or udp port 53"))
    #expect(said.contains("Capture application: keywitness"))
    #expect(!said.contains("malformed"))
  }

  /// The requests of each of the project's captures are sent again, and captured.
  @Test func theFileSaysTheSameWhateverTheTraffic() throws {
    let (said, _) = try run(
      """
      for recorded in "$CAPTURES"/*.pcap; do
        keys=; [ -e "${recorded%.pcap}.keylog" ] && keys="--keylog ${recorded%.pcap}.keylog"
        capture -w live.pcapng
        "$KW" replay "$recorded" $keys --to $URL --allow-host 10.98.0.2 --speed max \
          --idle-timeout 2s >/dev/null 2>&1; sent=$?
        stop >/dev/null; wait $live; code=$?
        "$KW" check --proxy :4000 --expect-key env:KEY live.pcapng >file.out; again=$?
        grep -v '^   Process: ' live.out | tail -n $(wc -l <file.out) | cmp -s - file.out && same=same
        echo "$sent: live $code, file $again, ${same-differs} $(basename "$recorded")"; unset same
      done
      """, environment: ["CAPTURES": "\(Executable.root)/Captures"])
    let lines = said.split(separator: "\n").filter { $0.hasSuffix(".pcap") && !$0.hasPrefix("5:") }
    #expect(lines.count >= 20, "\(said)")
    for line in lines {
      let words = line.split { " ,".contains($0) }
      #expect(words.count == 7 && words[2] == words[4] && words[5] == "same", "\(line)")
    }
  }

  @Test func whateverEndsItTheFileIsReadable() throws {
    let count = ProcessInfo.processInfo.environment["KEYWITNESS_LONG"] == "1" ? 100 : 5
    let (said, _) = try run(
      """
      for number in $(seq \(count)); do
        capture -w live.pcapng
        (for i in 1 2 3 4 5 6 7 8 9; do good; done) & agents=$!
        sleep 0.$((RANDOM % 6))$((RANDOM % 10)); kill -KILL $live; wait $live 2>/dev/null
        wait $agents
        "$KW" list --proxy :4000 live.pcapng >list 2>errors; echo "read: $? $(wc -l <errors)"
        rm live.pcapng
      done
      """)
    let read = said.split(separator: "\n").filter { $0.hasPrefix("read: ") }
    // Nothing was sent yet, or a whole beginning is there.
    #expect(read.count == count, "\(said)")
    #expect(read.allSatisfy { $0.hasPrefix("read: 0") || $0.hasPrefix("read: 5") }, "\(said)")
  }

  @Test func itEndsWhenItIsToldTo() throws {
    let (said, _) = try run(
      """
      capture -c 3; good; good; ended; grep -o '3 packets' live.err
      capture --for 300ms; ended
      capture --until violation; good; broken; ended
      "$KW" capture --proxy :4000 --expect-key env:KEY -- \
        curl -s -o /dev/null "$URL/v1/models" -H "Authorization: Bearer $KEY" 2>command.err
      echo "command: $?"
      "$KW" capture --proxy :4000 -- /bin/sh -c "curl -s -o /dev/null $URL/v1/models \
        -H 'Authorization: Bearer $KEY'; exit 3" 2>/dev/null; echo "failing: $?"
      """)
    #expect(said.contains("3 packets"), "\(said)")
    #expect(said.contains("command: 0") && said.contains("failing: 6"), "\(said)")
    let codes = said.split(separator: "\n").filter { $0.hasPrefix("code ") }
    #expect(codes.last == "code 1", "\(said)")
    #expect(codes.count == 3 && codes[1] == "code 5", "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func theProcessAtFaultIsNamed() throws {
    let (said, _) = try run(
      #"""
      cat >agent.py <<'END'
      import http.client, time
      connection = http.client.HTTPConnection("10.98.0.2", 4000)
      for _ in range(3):
          connection.request("GET", "/model/info")
          connection.getresponse().read()
          time.sleep(0.1)
      END
      capture -w live.pcapng
      python3 agent.py --api-key never-to-be-seen '{"prompt": "nor this"}' -unobody:either \
        'what nobody should read'
      stop; cat live.err live.out
      grep -a -o 'client 10.98.0.1:[^(]*(process' live.pcapng
      tshark -r live.pcapng 2>warnings >/dev/null; grep -v Running warnings
      ps -eo args | grep -q '[k]eywitness host-witness' || echo no helper left
      """#)
    let process = "python3 agent.py --api-key … (process"
    #expect(
      said.contains("client 10.98.0.1:") && said.contains("   Process: \(process)"), "\(said)")
    #expect(said.contains("→ 10.98.0.2:4000: \(process)"))
    for secret in ["never-to-be-seen", "nor this", "either", "nobody should read"] {
      #expect(!said.contains(secret), "\(said)")
    }
    #expect(said.contains("no helper left"))
  }

  /// At once, since each waits its ten seconds.
  @Test func whoSeesNothingIsToldWhy() throws {
    let cases = [
      (
        "for i in 1 2 3; do curl -s http://10.98.0.2:4999/; done",
        "10.98.0.2:4999 refuses connections"
      ),
      ("curl -s -m 3 http://10.98.0.77:4000/; sleep 1", "10.98.0.77:4000 doesn't answer"),
      ("curl -s --http0.9 telnet://10.98.0.2:4000 </dev/null", "no request of HTTP in it yet"),
      ("sleep 0.1", "no packet in 10 s"),
    ]
    let neighbour = "ip neigh add 10.98.0.77 lladdr 02:00:00:00:00:77 dev near"
    let said = Mutex([String](repeating: "", count: cases.count))
    DispatchQueue.concurrentPerform(iterations: cases.count) { index in
      let result = try? run(
        "\(neighbour); capture tcp or udp; \(cases[index].0); sleep 11; stop; cat live.err")
      said.withLock { $0[index] = result?.said ?? "" }
    }
    for (index, said) in said.withLock({ $0 }).enumerated() {
      #expect(said.contains(cases[index].1), "\(said)")
    }
  }

  @Test func theKeyMayBeTheCapturedProcesss() throws {
    let (said, _) = try run(
      """
      capture --pid $far --expect-key target-env:KEY; good; stop; cat live.err live.out
      capture --pid $far --expect-key target-env:KEY; broken; stop; cat live.out
      "$KW" capture --pid $far --expect-key target-env:OTHER; echo "other: $?"
      "$KW" capture --expect-key target-env:KEY; echo "none: $?"
      """)
    #expect(said.contains("code 0") && said.contains("carried the right key"), "\(said)")
    #expect(said.contains("KEY is set in the captured process"), "\(said)")
    #expect(said.contains("other: 2") && said.contains("OTHER is not set in the captured process"))
    #expect(said.contains("none: 2") && said.contains("capture --pid, --container or --service"))
  }

  @Test func aRingKeepsTheLastFiles() throws {
    let (said, _) = try run(
      """
      "$KW" capture -w live.pcapng --ring 3x20K; echo "not theirs: $?"
      chmod 777 .; rm -f live*
      capture -w live.pcapng --ring 3x20K
      for i in $(seq 60); do good; done
      stop; ls live_*.pcapng | wc -l
      for file in live_*.pcapng; do
        "$KW" list --proxy :4000 $file >list; echo "list $? $(($(stat -c %s $file) <= 20480))"
      done
      "$KW" check --proxy :4000 . | grep -o 'PASS.*'
      rm -f live*; capture -w live.pcapng --ring 2x300ms
      for i in $(seq 30); do good; sleep 0.03; done; stop; ls live_*.pcapng | wc -l
      """)
    #expect(said.contains("not theirs: 3") && said.contains("choose a folder that is yours"))
    #expect(said.contains("code 0\n3\n"), "\(said)")
    #expect(said.split(separator: "\n").filter { $0 == "list 0 1" }.count == 3, "\(said)")
    #expect(said.contains("code 0\n2\n"), "\(said)")
  }

  @Test(
    .enabled(
      if: Tool.isThere("/usr/bin/openssl") && Tool.isThere("/usr/bin/tshark"),
      "openssl or tshark isn't installed"))
  func keysOfTLSAreTakenAsTheyAreWritten() throws {
    let (said, _) = try run(
      """
      openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=proxy \
        2>/dev/null
      nsenter -t $far -n "$KW" stub --bind 10.98.0.2 --port 4443 --tls-cert c.pem --tls-key k.pem \
        --master-key env:KEY --ready-file tls.json 2>/dev/null &
      while [ ! -e tls.json ]; do sleep 0.02; done
      agent() { SSLKEYLOGFILE=keys.log curl -sk -o /dev/null https://10.98.0.2:4443/v1/models \
        -H "Authorization: Bearer $1"; }
      for place in keys.log "container:$PWD/keys.log --pid $$"; do
        rm -f keys.log
        capture --proxy :4443 --keylog $place -w tls.pcapng
        agent "$KEY"; chmod 600 keys.log; agent sk-made-up-other-00001; sleep 0.3
        echo "live: $(grep -c 'GET /v1/models' live.out)"
        stop; "$KW" check --proxy :4443 --expect-key env:KEY tls.pcapng >file.out
        echo "file: $? $(grep -c 'GET  */v1/models' file.out)"
        tshark -r tls.pcapng -Y http.request -T fields -e http.request.uri 2>/dev/null
      done
      """)
    #expect(said.split(separator: "\n").filter { $0 == "code 1" }.count == 2, "\(said)")
    #expect(said.split(separator: "\n").filter { $0 == "live: 2" }.count == 2, "\(said)")
    #expect(said.split(separator: "\n").filter { $0.hasPrefix("file: 1 ") }.count == 2, "\(said)")
    #expect(said.split(separator: "\n").filter { $0 == "/v1/models" }.count == 4, "\(said)")
  }

  @Test func aRingKeepsItsSizeWhateverTheKeys() throws {
    let (said, _) = try run(
      """
      chmod 777 .
      for i in $(seq 150); do printf 'CLIENT_RANDOM %064x %096x\\n' $i $i; done >keys.log
      capture -w live.pcapng --ring 5x20K --keylog keys.log
      sleep 0.3; for i in $(seq 40); do good; done; stop; cat live.err
      ls live_*.pcapng | tail -1
      for file in live_*.pcapng; do "$KW" list --proxy :4000 $file; done | grep -c 'GET /v1/models'
      """)
    // Some 1500 bytes each: 40 of them are in four files, all of which are there.
    #expect(said.contains("live_00004.pcapng\n") || said.contains("live_00005.pcapng\n"), "\(said)")
    #expect(said.hasSuffix("\n40\n") || said.contains("\n40\n"), "\(said)")
    #expect(said.contains("later files lack the oldest ones"))
  }

  @Test func nobodyElseGetsThePacketSocket() throws {
    let (said, _) = try run(
      #"""
      "$KW" capture --proxy :4000 -- /bin/sh -c 'for f in /proc/self/fd/*; do readlink $f; done'         2>/dev/null | sed 's/^/command has /'
      capture
      helper=$(ps -eo pid,args | awk '/[k]eywitness host-witness/ { print $1 }')
      for f in /proc/$helper/fd/*; do echo "helper has $(readlink $f)"; done
      for f in /proc/$live/fd/*; do echo "capture has $(readlink $f)"; done
      for f in /proc/$$/fd/*; do echo "test has $(readlink $f)"; done
      stop
      """#)
    let lines = said.split(separator: "\n").filter { $0.contains(" has ") }
    #expect(lines.contains { $0.hasPrefix("command has pipe:") }, "\(said)")
    #expect(lines.contains { $0.hasPrefix("helper has pipe:") }, "\(said)")
    let inherited = lines.filter { $0.hasPrefix("test has socket:") }.map { $0.dropFirst(9) }
    let sockets = lines.filter { line in
      line.contains("socket:") && !inherited.contains { line.hasSuffix($0) }
    }
    #expect(!sockets.isEmpty && sockets.allSatisfy { $0.hasPrefix("capture has") }, "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func whatCameBeforeTheEndIsTaken() throws {
    let (said, _) = try run(
      """
      capture udp port 9999; kill -STOP $live
      python3 -c 'import socket
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for i in range(20000): s.sendto(b"x", ("10.98.0.2", 9999))'
      kill -TERM $live; kill -CONT $live; ended; cat live.err
      """)
    #expect(said.contains("20000 packets") && said.contains("dropped: 0 by the kernel"), "\(said)")
  }

  @Test func theProgramEndsWithTheCapture() throws {
    let (said, _) = try run(
      """
      capture -- sleep 37.25; kill -TERM $live; ended
      capture --for 300ms -- sleep 37.25; ended; cat live.err
      ps -eo comm,args | grep -E '^sleep +sleep 37' || echo none left
      echo kept >keep; "$KW" capture -w keep -- /nowhere/program; echo "none: $?"; cat keep
      "$KW" capture -- sh -c 'exit 0' -p 'what nobody should read' sk-made-up-for-nobody 2>&1
      """)
    #expect(
      said.contains("none left") && said.contains("sleep …: ended with the capture"), "\(said)")
    #expect(said.contains("none: 2\nkept\n"), "\(said)")
    #expect(said.contains("sh -c … -p …: exit 0") && !said.contains("nobody"), "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/script"), "script isn't installed"))
  func theProgramHasTheTerminal() throws {
    let (said, _) = try run(
      #"""
      (sleep 1; echo hello; sleep 1) | timeout -k 1 10         script -qec "$KW capture -- sh -c 'read x; echo got \$x'" /dev/null
      """#)
    #expect(said.contains("got hello"), "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/script"), "script isn't installed"))
  func untilTheFirstRequestALineSaysWhatThereIs() throws {
    let (said, _) = try run(
      #"""
      (sleep 0.5; for i in 1 2 3 4 5 6; do curl -s http://10.98.0.2:4999/; sleep 0.3; done; good; sleep 1) &
      timeout -k 1 20 script -qfec \
        "stty cols 200; $KW capture -i near --proxy :4000 --expect-key env:KEY --for 4s tcp" /dev/null
      """#)
    let status = "near: "
    let lines = said.split(separator: "\r\u{1B}[K")
    #expect(
      lines.contains {
        $0.hasPrefix(status) && $0.hasSuffix("packets, no request yet; to 10.98.0.2:4999 (refuses)")
      }, "\(said)")
    // It makes room for the first request, and doesn't come back.
    #expect(lines.last?.hasPrefix(status) == false && said.contains("/v1/models"), "\(said)")
  }

  @Test func whatTheKernelDropsIsNoPass() throws {
    let (said, _) = try run(
      """
      capture --buffer 2M; good
      kill -STOP $live
      big=$(head -c 60000 /dev/zero | tr '\\0' x)
      for i in $(seq 1 60); do
        curl -s -o /dev/null $URL/v1/chat/completions -H "Authorization: Bearer $KEY" \
          -H 'Content-Type: application/json' \
          -d "{\\"model\\":\\"gpt-4o\\",\\"messages\\":[{\\"role\\":\\"user\\",\\"content\\":\\"$big\\"}]}"
      done
      kill -CONT $live; stop; tail -3 live.out; cat live.err
      """)
    #expect(said.contains("code 4"), "\(said)")
    #expect(said.contains("dropped-packets") || said.contains("dropped"), "\(said)")
  }

  @Test func aFullDiskEndsTheFileAndNothingElse() throws {
    let (said, _) = try run(
      """
      mkdir small; mount -t tmpfs -o size=16k tmpfs small
      capture -w small/live.pcapng
      for i in $(seq 40); do good; done; sleep 0.5; broken; stop; cat live.err
      grep -c 'GET /v1/models' live.out; umount small
      """)
    #expect(said.contains("code 3\n"), "\(said)")
    #expect(said.contains("the file ends here; capturing goes on"))
    #expect(said.contains("small/live.pcapng: can't be written: No space left"), "\(said)")
  }

  @Test func aContainersNetworkIsEntered() throws {
    // What Docker would answer, and a namespace that is one.
    let (said, _) = try run(
      """
      cat >docker.py <<'PY'
      import json, socket, sys
      s = socket.socket(socket.AF_UNIX); s.bind('docker.sock'); s.listen(8)
      print('up', flush=True)
      while True:
          c, _ = s.accept(); path = c.recv(65536).split()[1].decode()
          pid = int(sys.argv[1]) if path == '/containers/bytebot-agent/json' else 0
          if path.startswith('/containers/json?filters=') and 'agent' in path:
              body = json.dumps([{'Id': 'bytebot-agent'}])
          else:
              body = json.dumps({'State': {'Pid': pid}})
          c.sendall(('HTTP/1.0 200 OK\\r\\n\\r\\n' + body).encode()); c.close()
      PY
      here=$$
      python3 docker.py $here >docker.out & docker=$!
      while ! grep -q up docker.out; do sleep 0.05; done
      export DOCKER_HOST=unix://$PWD/docker.sock
      for place in '--container bytebot-agent' '--service agent' "--pid $here"; do
        rm -f live.err
        nsenter -t $far -n "$KW" capture --proxy :4000 --expect-key env:KEY $place >live.out 2>live.err & live=$!
        while ! grep -qs 'capturing on' live.err; do sleep 0.02; done
        good; stop; grep -c 'v1/models' live.out
      done
      kill -KILL $docker
      """)
    #expect(said.split(separator: "\n").filter { $0 == "code 0" }.count == 3, "\(said)")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/python3"), "python3 isn't installed"))
  func aContainerThatStartsAgainIsCapturedAgain() throws {
    let (said, _) = try run(
      Self.docker + """
        "$KW" capture --proxy :4000 --expect-key env:KEY --container agent -w=live.pcapng \
          --report=junit=report.xml \
          >live.out 2>live.err & live=$!
        until_said 'waiting for container agent'
        echo $far >pid; until_said 'capturing on'
        good; sleep 0.5; kill -KILL $far; wait $far 2>/dev/null; until_said 'to run again'
        nsenter -t $stub -n sleep 600 & again=$!
        sleep 0.2; echo $again >pid; until_said 'attached again'; sleep 0.5
        broken; sleep 0.5; kill -TERM $live; ended
        cat live.err live.out; ls live*.pcapng
        ls report*.xml; grep -l missing report*.xml
        kill -KILL $docker $again
        """)
    #expect(said.contains("report.2.xml\nreport.xml\nreport.2.xml\n"), "\(said)")
    #expect(said.contains("code 1\n"), "\(said)")
    #expect(said.contains("process") && said.contains("has ended"))
    #expect(said.contains("PASS  live.pcapng: 1 of 1") && said.contains("FAIL  live.2.pcapng"))
    #expect(said.contains("live.2.pcapng\nlive.pcapng\n"), "\(said)")
  }

  @Test func whatIsWrongIsSaid() throws {
    let (said, _) = try run(
      """
      "$KW" capture -i nosuch; echo "device: $?"
      "$KW" capture 'tcp prot 4000'; echo "filter: $?"
      "$KW" capture --netns nosuch; echo "namespace: $?"
      "$KW" capture -w /nowhere/x.pcapng; echo "file: $?"
      "$KW" capture -- /nowhere/program; echo "program: $?"
      cp "$KW" kw; chmod 755 . kw
      setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all ./kw capture; echo "right: $?"
      """)
    for (word, code) in [
      ("device", 3), ("filter", 2), ("namespace", 3), ("file", 3), ("program", 2), ("right", 3),
    ] { #expect(said.contains("\(word): \(code)\n"), "\(word): \(said)") }
    #expect(said.contains("there is no device nosuch"))
    #expect(said.contains("is no filter: ") && said.contains("syntax error"))
    #expect(said.contains("CAP_NET_RAW is missing") && said.contains("setcap cap_net_raw+ep"))
  }
}
